import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const DEADLINE_MS = 120_000;
const vitest = path.dirname(createRequire(import.meta.url).resolve("vitest/package.json"));

/** One of its tests: its title, and why it failed. */
export interface TestResult {
  readonly title: string;
  readonly failure: string | undefined;
}

/**
 * Runs the tests that connect-redis publishes in its package, by vitest, on a Redis. The package leaves out the
 * file with which they start a server: in its place stands one that says the port of this Redis.
 */
export async function runConnectRedisTests(folder: string, url: string): Promise<TestResult[]> {
  const place = path.join(folder, "connect-redis");
  cpSync(path.join(folder, "node_modules", "connect-redis"), place, { recursive: true });
  mkdirSync(path.join(place, "testdata"), { recursive: true });
  writeFileSync(
    path.join(place, "testdata", "server.ts"),
    `export const port = ${JSON.stringify(new URL(url).port)};
export async function connect() {}
export async function disconnect() {}
`,
  );
  const report = path.join(place, "report.json");
  // Its own configuration asks for plugins that are not published.
  const config = path.join(place, "vitest.parity.mjs");
  writeFileSync(
    config,
    `export default { test: { include: ["index_test.ts"] }, resolve: { alias: { vitest: ${JSON.stringify(path.join(vitest, "dist", "index.js"))} } } };\n`,
  );
  const flags = ["run", "--root", place, "--config", config];
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [path.join(vitest, "vitest.mjs"), ...flags, "--reporter=json", `--outputFile=${report}`],
      { cwd: place, timeout: DEADLINE_MS },
      (_error, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
    );
  });
  try {
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: {
        assertionResults: { title: string; status: string; failureMessages: string[] }[];
      }[];
    };
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status, failureMessages }) => ({
        title,
        failure: status === "passed" ? undefined : (failureMessages[0] ?? status),
      })),
    );
  } catch (error) {
    throw new Error(`vitest did not run the tests of connect-redis:\n${output}`, { cause: error });
  }
}
