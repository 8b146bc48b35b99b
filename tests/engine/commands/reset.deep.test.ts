import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { copyWork, listCopies } from "../../../engine/work/copies.ts";
import { copyWorkbook } from "./copy-workbook.ts";
import { runWorkbook } from "./run-workbook.ts";

test("reset keeps all of the learner's files, says where, and restore brings them back", async () => {
  await using copy = copyWorkbook();
  const app = copy.at("exercises/rate-limit/app.ts");
  const starter = readFileSync(app, "utf8");
  mkdirSync(copy.at("exercises/rate-limit/lib"));
  writeFileSync(app, "// mine\n");
  writeFileSync(copy.at("exercises/rate-limit/lib/more.ts"), "// more of mine\n");

  const reset = await runWorkbook(copy.root, ["reset", "exercises/rate-limit/"]);
  expect(reset.stderr).toBe("");
  const [name = ""] = readdirSync(copy.at(".workbook/copies/rate-limit"));
  expect(name).toMatch(/^\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d$/);
  expect(reset.stdout).toBe(
    [
      `Your work is kept in .workbook/copies/rate-limit/${name}.`,
      "exercises/rate-limit is the starter again.",
      "To have your work back: npm run reset rate-limit restore",
      "Next: npm run watch rate-limit",
      "",
    ].join("\n"),
  );
  expect(readFileSync(app, "utf8")).toBe(starter);
  expect(readdirSync(copy.at("exercises/rate-limit")).toSorted()).toEqual(
    ["README.md", "app.ts", "context.ts", "hints.md"].toSorted(),
  );

  const list = await runWorkbook(copy.root, ["reset", "rate-limit", "list"]);
  expect(list.stdout).toBe(
    [
      `${name}  app.ts, context.ts, lib/more.ts`,
      "",
      "They are in .workbook/copies/rate-limit.",
      `Next: npm run reset rate-limit restore ${name}`,
      "",
    ].join("\n"),
  );

  const restore = await runWorkbook(copy.root, ["reset", "rate-limit", "restore"]);
  expect(restore.stdout).toBe(
    `exercises/rate-limit is your work of ${name} again.\nNext: npm test exercises/rate-limit\n`,
  );
  expect(readFileSync(app, "utf8")).toBe("// mine\n");
  expect(existsSync(copy.at("exercises/rate-limit/lib/more.ts"))).toBe(true);
});

test("two copies in the same second are two copies, in their order", async () => {
  await using copy = copyWorkbook();
  const folder = copy.at("exercises/rate-limit");
  const names: (string | undefined)[] = [];
  for (let count = 0; count < 12; count += 1) {
    writeFileSync(copy.at("exercises/rate-limit/app.ts"), `// ${count}\n`);
    names.push((await copyWork(copy.root, "rate-limit", folder))?.name);
  }
  expect(new Set(names).size).toBe(12);
  const listed = await listCopies(copy.root, "rate-limit");
  expect(listed.map(({ name }) => name)).toEqual(names);
});

test("what is the starter already is not copied; unknown words and copies are told", async () => {
  await using copy = copyWorkbook();
  const [reset, word, name, exercise] = await Promise.all([
    runWorkbook(copy.root, ["reset", "rate-limit"]),
    runWorkbook(copy.root, ["reset", "rate-limit", "resotre"]),
    runWorkbook(copy.root, ["reset", "rate-limit", "restore", "yesterday"]),
    runWorkbook(copy.root, ["reset", "rate-limt"]),
  ]);
  expect(reset).toMatchObject({
    code: 0,
    stdout:
      "exercises/rate-limit is the starter already: nothing was changed.\nNext: npm run watch rate-limit\n",
  });
  expect(existsSync(copy.at(".workbook/copies"))).toBe(false);
  expect(word).toMatchObject({
    code: 2,
    stderr:
      '"resotre" is not understood: the words are list and restore.\nNext: npm run reset rate-limit list\n',
  });
  expect(name).toMatchObject({
    code: 2,
    stderr:
      "There is no copy of rate-limit: it was never reset.\nNext: npm run reset rate-limit list\n",
  });
  expect(exercise.code).toBe(2);
  expect(exercise.stderr).toContain('There is no exercise "rate-limt". Did you mean rate-limit?');
  expect(exercise.stderr).toContain("Next: npm run reset rate-limit");
});

test("a .workbook that cannot be written leaves the work untouched", async () => {
  await using copy = copyWorkbook();
  // A file in its place, which not even root can write through.
  writeFileSync(copy.at(".workbook"), "");
  writeFileSync(copy.at("exercises/rate-limit/app.ts"), "// mine\n");
  const reset = await runWorkbook(copy.root, ["reset", "rate-limit"]);
  expect(reset.code).toBe(2);
  expect(reset.stderr).toContain("Your work has not been touched.");
  expect(readFileSync(copy.at("exercises/rate-limit/app.ts"), "utf8")).toBe("// mine\n");
});
