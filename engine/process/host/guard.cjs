"use strict";
// A process beside ours: it outlives us by a moment and ends the programs that we left behind.
// Its stdin is a pipe that only we hold, so it hears of our death, however we died.
const { killProcesses } = require("./find-processes.cjs");

const programs = new Map();
let rest = "";
process.stdin.setEncoding("latin1");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    const [what, pid, run] = line.split(" ");
    if (what === "watch") programs.set(run, Number(pid));
    else programs.delete(run);
  }
});
process.stdin.on("error", end);
process.stdin.on("end", end);

function end() {
  for (const [run, pid] of programs) killProcesses(pid, run);
  process.exit(0);
}
