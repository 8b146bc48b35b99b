"use strict";
// Keeps one core busy, in slices, so that the end of the parent is heard of. A little less urgent than
// what is measured beside it, which then waits for a core often and not for most of its time.
const os = require("node:os");
os.setPriority(process.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
process.on("disconnect", () => process.exit());

function burn() {
  const until = Date.now() + 50;
  let sum = 0;
  while (Date.now() < until) sum += Math.sqrt(sum + 1);
  setImmediate(burn);
}
burn();
