"use strict";
// A worker thread inside each program. It reads the pipe to the parent, so it sees the parent's
// death even while the program's own thread loops, and it moves the clock without that thread.
const { writeSync } = require("node:fs");
const { Socket } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const { killProcesses } = require("./find-processes.cjs");

const { offset, run, downFd, upFd } = workerData;
const clock = new Float64Array(offset);
const pipe = new Socket({ fd: downFd, readable: true, writable: false });

let rest = "";
pipe.setEncoding("utf8");
pipe.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) obey(JSON.parse(line));
});
pipe.on("error", end);
pipe.on("end", end);
pipe.on("close", end);

/** @param {{ do: string, id: number, offsetMs?: number, atMs?: number }} order */
function obey(order) {
  // The rule means windows of a browser.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  if (order.do === "turn") parentPort.postMessage(order.id);
  if (order.do === "offset" || order.do === "freeze") {
    if (order.do === "offset") clock[0] = order.offsetMs;
    else clock[1] = order.atMs;
    writeSync(upFd, `${JSON.stringify({ did: order.do, id: order.id })}\n`);
  }
}

/** The parent is gone, however it ended: nothing of this program may stay. */
function end() {
  killProcesses(process.pid, run);
}
