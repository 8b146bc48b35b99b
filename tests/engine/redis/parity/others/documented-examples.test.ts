import { expect, test } from "vitest";
import { documentedExamples } from "./documented-examples.ts";

const FENCE = "```";

async function onlyExample(code: string, language = "ts") {
  const examples = await documentedExamples(
    "README.md",
    `# Use\n\n${FENCE}${language}\n${code}\n${FENCE}\n`,
  );
  expect(examples).toHaveLength(1);
  return examples[0];
}

test("what an example waits for and says at its top is told, and what it declares is handed over", async () => {
  const example = await onlyExample(
    'const [one, two]: string[] = await client.multi().exec();\nclient.get("key");',
  );
  expect(example?.name).toBe('README.md, "Use", 1');
  expect(example?.program).toBe(`const [one, two] = await tell(1, client.multi().exec());
tell(2, client.get("key"));
await finish({ one, two });
`);
});

test("a piece that declares a name twice becomes two programs", async () => {
  const code = `// one\nconst client = 1;\n\n// other\nconst client = 2;`;
  const examples = await documentedExamples("README.md", `${FENCE}js\n${code}\n${FENCE}`);
  expect(examples.map(({ program }) => program?.split("\n").at(-2))).toEqual([
    "await finish({ client });",
    "await finish({ client });",
  ]);
});

test("sketches, and what needs another framework, are left out with the reason", async () => {
  const sketch = await onlyExample("interface Options {\n  ...\n  ttl?: number\n}");
  expect(sketch).toMatchObject({ program: undefined, leftOut: "is a sketch and no JavaScript" });
  const koa = await onlyExample("app.use(async (ctx) => limiter.consume(ctx.ip));", "js");
  expect(koa).toMatchObject({ program: undefined, leftOut: "needs Koa" });
});

test("other blocks are no examples", async () => {
  expect(await documentedExamples("README.md", `${FENCE}sh\nnpm i\n${FENCE}`)).toEqual([]);
});
