// The first code of the worker thread: starts while the other thread still looks for the bundle, then
// runs that with the code that V8 has compiled of it before (1 ms instead of 6). Plain JavaScript,
// because a worker of Node 20 cannot load anything else.
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { Script } = require("node:vm");
const { parentPort, threadId } = require("node:worker_threads");

parentPort.once("message", ({ file, code }) => {
  if (file === undefined) run(code, "embedded-redis.cjs", undefined);
  else runKept(file);
});

function runKept(file) {
  const compiled = `${file}.code`;
  let cachedData;
  try {
    cachedData = readFileSync(compiled);
  } catch {
    // The first time.
  }
  const script = run(readFileSync(file, "latin1"), file, cachedData);
  if (cachedData !== undefined && !script.cachedDataRejected) return;
  // Once it has run: functions that were needed for the start are compiled by then.
  setImmediate(() => {
    const temporary = `${compiled}.${process.pid}-${threadId}`;
    try {
      writeFileSync(temporary, script.createCachedData());
      renameSync(temporary, compiled);
    } catch {
      // A disk that is full, or a folder that has become read-only: it is compiled each time.
    }
  });
}

function run(code, filename, cachedData) {
  const script = new Script(`(function (exports, require, module) {${code}\n})`, {
    filename,
    cachedData,
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(__filename), module);
  return script;
}
