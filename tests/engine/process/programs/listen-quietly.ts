import { createServer } from "node:http";

// Swallows the error and stays, as Express 5 does with a callback that ignores its argument.
createServer()
  .on("error", () => {})
  .listen(Number(process.env["PORT"]), "127.0.0.1");
setInterval(() => {}, 1000);
