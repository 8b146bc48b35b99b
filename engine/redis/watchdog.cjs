"use strict";
// For Windows: ends the server whose pid comes first on stdin, when stdin ends without a farewell.
let heard = "";
process.stdin.setEncoding("latin1");
process.stdin.on("data", (text) => {
  heard += text;
});
process.stdin.on("error", end);
process.stdin.on("end", end);

function end() {
  const [pid, ...rest] = heard.split("\n");
  if (pid === "" || rest.includes("bye")) return;
  try {
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // gone already
  }
}
