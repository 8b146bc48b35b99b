import { describe, expect, test } from "vitest";
import { readJsonPattern } from "../../../engine/lesson/expect/json-pattern.ts";
import { matchJson } from "../../../engine/lesson/expect/match-json.ts";
import { matchLine } from "../../../engine/lesson/expect/match-line.ts";
import { matchLines } from "../../../engine/lesson/expect/match-lines.ts";
import { type Names, putIn, UnknownName } from "../../../engine/lesson/expect/names.ts";

function createNames(known: Readonly<Record<string, string>> = {}): Names {
  const bound = new Map(Object.entries(known));
  return {
    get(name, of) {
      const value = bound.get(of === undefined ? name : `${name}.${of}`);
      if (value === undefined) throw new UnknownName(`$${name} has no value.`);
      return value;
    },
    bound: (name) => bound.get(name),
    bind: (name, value) => void bound.set(name, value),
  };
}

describe("a line", () => {
  test.each([
    ["SET … EX 1800", "SET sess:1 x EX 1800", true],
    ["SET … EX 1800", "SET sess:1 x EX 1801", false],
    ["a…b…c", "a--b--b--c", true],
    ["…b", "abcb", true],
    ["…b", "abc", false],
    ["(integer) ~1800", "(integer) 1798", true],
    ["(integer) ~1800", "(integer) 1797", false],
    ["(integer) ~1800±60", "(integer) 1740", true],
    ["~2.5±0.5 ms", "3.01 ms", false],
    ["~10", "110", false],
    ["… ~10 …", "5 and 9 and so on", true],
    ["sess:$ada.sid", "sess:X.Y(Z)", true],
    ["sess:$ada.sid", "sess:XaY(Z)", false],
    ["$$5", "$5", true],
    ["a.c", "abc", false],
    ["", "x", false],
  ])("%s against %s: %s", (pattern, text, fits) => {
    const names = createNames({ "ada.sid": "X.Y(Z)" });

    expect(matchLine(pattern, text, names) !== undefined).toBe(fits);
  });

  test("binds what stands at a name", () => {
    const match = matchLine("id={{id}}.{{signature}}; …", "id=abc.def==; Path=/", createNames());

    expect(Object.fromEntries(match ?? [])).toEqual({ id: "abc", signature: "def==" });
  });

  test("takes a name that is bound for what it was bound to", () => {
    const names = createNames({ id: "abc" });

    expect(matchLine("{{id}}.x", "abc.x", names)).toBeDefined();
    expect(matchLine("{{id}}.x", "abd.x", names)).toBeUndefined();
  });

  test("refuses names where nothing tells where they end", () => {
    expect(() => matchLine("{{a}}…", "x", createNames())).toThrow("Nothing says where {{a}} ends.");
  });

  test("is decided quickly, however many parts vary", () => {
    const text = "ab".repeat(20_000);

    expect(matchLine("…a…b…a…b…a…b…a…z", text, createNames())).toBeUndefined();
  });
});

describe("lines", () => {
  test("allow any number of lines at …", () => {
    expect(compare(["a", "…", "z"], ["a", "b", "c", "z"]).holds).toBe(true);
    expect(compare(["a", "…", "z"], ["a", "z"]).holds).toBe(true);
    expect(compare(["…", "b"], ["a", "b", "c"]).holds).toBe(false);
  });

  test("show what is missing, what is too much and what differs", () => {
    const { rows } = compare(["GET a", "SET a 1", "DEL a"], ["GET a", "SET a 2", "TTL b", "DEL a"]);

    expect(rows.map(({ expected, received, same }) => [expected, received, same])).toEqual([
      ["GET a", "GET a", true],
      ["SET a 1", "SET a 2", false],
      [undefined, "TTL b", false],
      ["DEL a", "DEL a", true],
    ]);
  });

  test("may come in any order, each once", () => {
    expect(compare(["a…", "ab"], ["ab", "ac"], true).holds).toBe(true);
    expect(compare(["a", "a"], ["a", "b"], true).holds).toBe(false);
    expect(compare(["a"], ["a", "b"], true).holds).toBe(false);
    expect(compare(["a", "…"], ["b", "a"], true).holds).toBe(true);
  });

  test("use a name from the line after the one that bound it", () => {
    expect(compare(["SET {{k}} 1", "GET $k"], ["SET x 1", "GET x"]).holds).toBe(false);
    const names = createNames();
    const match = matchLines({
      expected: ["SET {{k}} 1", "DEL {{k}}"],
      received: ["SET x 1", "DEL y"],
      names,
    });
    expect(match.holds).toBe(false);
  });

  test("say which name has no value", () => {
    const { holds, notes } = compare(["GET $who"], ["GET x"]);

    expect(holds).toBe(false);
    expect(notes).toEqual(["$who has no value."]);
  });
});

describe("JSON", () => {
  test("may hold more than is named", () => {
    expect(differences('{ "a": 1 }', { a: 1, b: 2 })).toEqual([]);
  });

  test("says where it differs", () => {
    expect(differences('{ "a": { "b": [1, "x…"] } }', { a: { b: [1, "y", 3] } })).toEqual([
      '.a.b[1]: "x…" | "y"',
      ".a.b[2]: undefined | 3",
    ]);
    expect(differences('{ "a": 1 }', {})).toEqual([".a: 1 | undefined"]);
    expect(differences('{ "a": null }', { a: false })).toEqual([".a: null | false"]);
  });

  test("knows wildcards as values and inside texts", () => {
    const pattern = '{ "id": "$ada.sid", "n": ~5, "any": …, "t": "a…z", "list": [1, …] }';

    expect(differences(pattern, { id: "X", n: 6, any: {}, t: "abcz", list: [1, 2, 3] })).toEqual(
      [],
    );
    expect(differences(pattern, { id: "Y", n: 8, any: 0, t: "abc", list: [2] })).toHaveLength(4);
  });

  test("compares lists in any order where it is told to", () => {
    expect(differences('[{ "a": 1 }, { "a": 2 }]', [{ a: 2 }, { a: 1 }])).not.toEqual([]);
    expect(differences('[{ "a": 1 }, { "a": 2 }]', [{ a: 2 }, { a: 1 }], true)).toEqual([]);
    expect(differences('[{ "a": 1 }]', [{ a: 2 }, { a: 1 }], true)).toEqual([
      '[0]: undefined | {"a":2}',
    ]);
  });

  test("a text is not the number that looks like it", () => {
    expect(differences('{ "n": "1" }', { n: 1 })).toEqual(['.n: "1" | 1']);
  });

  test.each([
    ['{ "a": }', "The body begins like JSON, but in its line 1 a value is missing before }."],
    ['{ "a" 1 }', "The body begins like JSON, but in its line 1 a colon is missing before 1 }."],
    [
      '{\n"a": 1',
      "The body begins like JSON, but in its line 2 a comma or } is missing at the end.",
    ],
    ["[1] 2", "The body begins like JSON, but in its line 1 the end is missing before 2."],
  ])("%s is refused", (source, message) => {
    expect(() => readJsonPattern(source)).toThrow(message);
  });
});

test("names are put into what is sent", () => {
  expect(putIn("GET sess:$ada.sid.x $$1", createNames({ "ada.sid": "S" }))).toBe("GET sess:S.x $1");
});

function compare(expected: string[], received: string[], anyOrder = false) {
  return matchLines({ expected, received, names: createNames(), anyOrder });
}

function differences(pattern: string, value: unknown, anyOrder = false): string[] {
  const names = createNames({ "ada.sid": "X" });
  return matchJson(readJsonPattern(pattern), value, names, { anyOrder }).map(
    ({ where, expected, received }) => `${where}: ${expected} | ${received}`,
  );
}
