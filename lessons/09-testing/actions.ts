// What the lesson can do beside requests: `act test login.test.ts` runs one file of tests.
import { startVitest } from "vitest/node";

const [action = "", file = ""] = process.argv.slice(2);
if (action !== "test") throw new Error(`unknown action ${action}`);
// Vitest watches when it sees a terminal; here it runs once and ends.
const vitest = await startVitest("test", [file], {
  root: import.meta.dirname,
  config: false,
  include: ["*.test.ts"],
  watch: false,
  reporters: ["verbose"],
});
await vitest.close();
