// What the lesson can do beside requests: `act test login.test.ts` runs one file of tests with
// Vitest, and prints the name of each test, how it ended, and why.
import { type Reporter, startVitest } from "vitest/node";

const [action = "", file = ""] = process.argv.slice(2);
if (action !== "test") throw new Error(`unknown action ${action}`);

const count = { passed: 0, failed: 0 };
const reporter: Reporter = {
  onTestCaseResult(test) {
    const { state, errors = [] } = test.result();
    console.log(`${state === "passed" ? "✓" : "✗"} ${test.name}`);
    for (const { message } of errors) console.log(`    ${message.split("\n")[0]}`);
    count[state === "passed" ? "passed" : "failed"] += 1;
  },
};

// Vitest watches when it sees a terminal; here it runs once and ends.
const vitest = await startVitest("test", [file], {
  root: import.meta.dirname,
  config: false,
  include: ["*.test.ts"],
  watch: false,
  reporters: [reporter],
});
await vitest.close();
console.log(`${count.passed} passed, ${count.failed} failed`);
// A test that fails is what the lesson wants to show.
process.exitCode = 0;
