// The entry of the worker thread; start-embedded-redis.ts bundles it and speaks with it.
import { parentPort } from "node:worker_threads";
import { serve } from "./serve.ts";
import type { WorkerMessage, WorkerRequest } from "./worker-messages.ts";

// No await at the top: the bundle is CommonJS, which a worker starts sooner.
void run();

async function run(): Promise<void> {
  const served = await serve();
  // A mistake of ours in a callback must not take the server down.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`embedded Redis: ${error.stack ?? error.message}\n`);
  });
  parentPort?.on("message", (request: WorkerRequest) => {
    served.server.advanceClock(request.ms);
    send({ kind: "advanced", id: request.id });
  });
  served.server.shutDown = () => {
    void served.close().then(() => process.exit(0));
  };
  send({ kind: "ready", port: served.port });
}

function send(message: WorkerMessage): void {
  // The rule means windows of a browser.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(message);
}
