"use strict";
// Keeps one core busy, in slices, so that the end of the parent is heard of.
process.on("disconnect", () => process.exit());

function burn() {
  const until = Date.now() + 50;
  let sum = 0;
  while (Date.now() < until) sum += Math.sqrt(sum + 1);
  setImmediate(burn);
}
burn();
