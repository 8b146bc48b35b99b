import { createServer } from "node:http";
import { Worker } from "node:worker_threads";

// Tells what its Date says, in the main thread and in a worker.
const worker = new Worker(
  `const { parentPort } = require("node:worker_threads");
   parentPort.on("message", () => parentPort.postMessage(Date.now()));`,
  // Without --require, which it would inherit.
  { eval: true, execArgv: [] },
);
class Later extends Date {
  isLater(): boolean {
    return true;
  }
}

createServer((_request, response) => {
  worker.once("message", (inWorker: number) => {
    const date = new Date();
    const later = new Later();
    response.end(
      JSON.stringify({
        now: Date.now(),
        inWorker,
        date: date.getTime(),
        text: Date.parse(Date()),
        later: [later.isLater(), later instanceof Date, later instanceof Later, later.getTime()],
        cloned: structuredClone(date).getTime(),
        constructed: date.constructor === Date,
        fixed: new Date(2020, 0, 1).getFullYear(),
        shape: [Date.name, Date.length, Date.UTC(2000, 0)],
        year: new Intl.DateTimeFormat("en", { year: "numeric", timeZone: "UTC" }).format(),
        performance: performance.timeOrigin + performance.now(),
        header: Date.parse(response.getHeader("date")?.toString() ?? new Date(0).toISOString()),
      }),
    );
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the rule means windows of a browser
  worker.postMessage("now");
}).listen(0, "127.0.0.1");
