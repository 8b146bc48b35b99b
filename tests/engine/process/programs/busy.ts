import { createServer } from "node:http";

// Listens, and loops for ever once it is asked to.
createServer((request, response) => {
  response.end("ok");
  if (request.url === "/loop") for (;;);
}).listen(0, "127.0.0.1");
