"use strict";
// Runs before the program, in its process and in each of its worker threads. Plain CommonJS by
// --require: it is ready before the module loader is. The program's own code never meets it:
// what it has to say goes through pipes of its own, not through stdout or process.send.
const { writeSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const { Socket } = require("node:net");
const threads = require("node:worker_threads");

const KEY = "workbook.clock";
const DOWN_FD = 4;
const UP_FD = 5;
const ROUNDS = 3;

if (threads.isMainThread) {
  const start = process.env.WORKBOOK_HOST;
  // A process that the program forks inherits --require, but not this variable.
  delete process.env.WORKBOOK_HOST;
  if (start !== undefined) prepare(JSON.parse(start));
} else {
  const shared = threads.getEnvironmentData(KEY);
  if (shared !== undefined) equip(shared);
}

function prepare({ offsetMs, run }) {
  const offset = new SharedArrayBuffer(16);
  new Float64Array(offset)[0] = offsetMs;
  threads.setEnvironmentData(KEY, offset);
  const clock = new Float64Array(offset);
  const countWork = require("./watch-work.cjs").watchWork();
  listen(
    (order) => obey(order, clock, countWork),
    () => {
      require("./find-processes.cjs").killProcesses(process.pid, run);
    },
  );
  equipWorkers();
  process.on("uncaughtExceptionMonitor", (error) => tell({ did: "crash", ...describe(error) }));
  equip(offset);
}

/**
 * Orders come line by line through a pipe that only the parent holds. Its end is the parent's
 * death: then the guard (guard.cjs) ends this program, and the program itself, whoever is first.
 */
function listen(onOrder, onEnd) {
  const pipe = new Socket({ fd: DOWN_FD, readable: true, writable: false });
  let rest = "";
  pipe.setEncoding("utf8");
  pipe.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onOrder(JSON.parse(line));
  });
  for (const end of ["error", "end", "close"]) pipe.on(end, onEnd);
  // The program may end by itself.
  pipe.unref();
}

function obey(order, clock, countWork) {
  const { do: what, id, offsetMs, atMs } = order;
  if (what === "turn") {
    answerTurn(order, countWork);
    return;
  }
  if (what === "offset") clock[0] = offsetMs;
  else clock[1] = atMs;
  tell({ did: what, id });
}

/** A worker inherits --require, unless it is given arguments of its own. */
function equipWorkers() {
  threads.Worker = class Worker extends threads.Worker {
    constructor(file, options) {
      const own = options?.execArgv;
      const execArgv = own && ["--require", __filename, ...own];
      super(file, own ? { ...options, execArgv } : options);
    }
  };
  syncBuiltinESMExports();
}

/** What every thread of the program gets. */
function equip(offset) {
  require("./clock.cjs").installClock(new Float64Array(offset));
  require("./watch-servers.cjs").watchServers(tell);
}

/**
 * Goes round the event loop before it answers, `laps` times. The timer stands in line behind every
 * setTimeout(…, 0) that the program had set (Node makes 1 ms of it); the rounds after it go
 * through the poll for I/O, so what had arrived when the ping came has been handed over. Later laps
 * wait for a timer only where the program has one.
 */
function answerTurn({ id, laps = 1 }, countWork) {
  const goRound = (left) => {
    if (left > 0) setImmediate(goRound, left - 1);
    else if (laps > 1) goLap();
    else tell({ did: "turn", id, work: countWork() });
  };
  const goLap = () => {
    laps -= 1;
    if (process.getActiveResourcesInfo().includes("Timeout")) setTimeout(goRound, 1, ROUNDS - 1);
    else setImmediate(goRound, ROUNDS - 1);
  };
  setTimeout(goRound, 1, ROUNDS - 1);
}

function describe(error) {
  if (!(error instanceof Error)) return { message: String(error) };
  return { name: error.name, message: error.message, stack: error.stack, code: error.code };
}

function tell(message) {
  try {
    writeSync(UP_FD, `${JSON.stringify(message)}\n`);
  } catch {
    // The parent is gone, and this process ends with it.
  }
}
