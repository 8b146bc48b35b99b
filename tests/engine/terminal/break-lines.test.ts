import { describe, expect, test } from "vitest";
import { breakLines } from "../../../engine/terminal/break-lines.ts";
import { wrap, wrapCode } from "../../../engine/terminal/layout.ts";
import { cutWords } from "../../../engine/terminal/lesson/cut-words.ts";

describe("lines that are too long", () => {
  test("are broken before the word at the edge, wherever that stands", () => {
    expect(breakLines("EVAL cart:guest:9d1c3df1-c1a2-4314 poems", 32)).toEqual([
      "EVAL",
      "  cart:guest:9d1c3df1-c1a2-4314",
      "  poems",
    ]);
  });

  test("a word that is longer than a line is broken between its parts", () => {
    expect(breakLines("cart:guest:9d1c3df1-c1a2-4314-a498-ddedef0729c3", 30)).toEqual([
      "cart:guest:9d1c3df1-c1a2-4314-",
      "  a498-ddedef0729c3",
    ]);
  });

  test("JSON is broken after a comma", () => {
    expect(breakLines('{"id":"poems","title":"Poems","cents":1200}', 32)).toEqual([
      '{"id":"poems","title":"Poems",',
      '  "cents":1200}',
    ]);
  });

  test("in prose, an address keeps its parts whole", () => {
    expect(
      wrap("(https://developer.mozilla.org/en-US/docs/Global_Objects/EPSILON) it", 50),
    ).toEqual(["(https://developer.mozilla.org/en-US/docs/", "Global_Objects/EPSILON) it"]);
  });

  test("a command for the shell can be copied as it stands", () => {
    const line = "python3 -m venv .workbook/python && pip install -r requirements.txt";
    expect(wrapCode(line, "sh", { width: 40 })).toEqual([
      "python3 -m venv .workbook/python && \\",
      "  pip install -r requirements.txt",
    ]);
    expect(wrapCode(line, "sh", { width: line.length })).toEqual([line]);
  });
});

describe("commands with long arguments", () => {
  const value = String.raw`"{\"cart\":[{\"id\":\"poems\",\"title\":\"Poems\"},{\"id\":\"atlas\"}]}"`;

  test("are cut inside the longest, and end with what they end with", () => {
    const cut = cutWords(`SET sess:ada·3f2c ${value} EX 1800`, 70);
    expect(cut).toBe(
      String.raw`SET sess:ada·3f2c "{\"cart\":[{\"id\":\"poems\"…:\"atlas\"}]}" EX 1800`,
    );
  });

  test("are left alone where they fit", () => {
    expect(cutWords("GET sess:1", 10)).toBe("GET sess:1");
  });
});
