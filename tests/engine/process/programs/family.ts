import { spawn } from "node:child_process";

// Starts a child, a child that leaves the group, and one whose own parent is gone; prints their pids.
const idle = ["-e", "setInterval(() => {}, 1000)"];
const pids = [false, true].map((detached) => {
  const child = spawn(process.execPath, idle, { detached, stdio: "ignore" });
  child.unref();
  return child.pid;
});
const middle = spawn(
  process.execPath,
  [
    "-e",
    `const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify(idle)}, { detached: true, stdio: "ignore" });
     child.unref(); console.log(child.pid);`,
  ],
  { detached: true, stdio: ["ignore", "pipe", "inherit"] },
);
let text = "";
middle.stdout.on("data", (chunk) => (text += String(chunk)));
middle.on("close", () => {
  console.log(`pids ${[...pids, text.trim()].join(" ")}`);
  if (process.argv.includes("leave") || process.env["LEAVE"] === "yes") process.exit(0);
});
setInterval(() => {}, 1000);
