// Runs a Python program below this process, so that all that is known of Node programs holds for it as well: its
// output, its end, and that nothing of it stays. Plain JavaScript: it starts without tsx.
import { spawn } from "node:child_process";

const [, , python, ...args] = process.argv;
const child = spawn(python, ["-u", "-W", "default", ...args], {
  stdio: ["ignore", "inherit", "inherit"],
});
child.once("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.once("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
process.once("SIGTERM", () => child.kill("SIGTERM"));
