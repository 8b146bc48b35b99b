import { Worker } from "node:worker_threads";
import { bundleWorker } from "./bundle-worker.ts";
import { VERSION } from "./version.ts";
import type { WorkerMessage, WorkerRequest } from "./worker-messages.ts";

/** The embedded Redis: RESP2 and RESP3 over loopback TCP, in a worker thread of this process. */
export interface StartedEmbeddedRedis extends AsyncDisposable {
  /** Loopback port, chosen by the system. */
  readonly port: number;
  /** `redis://127.0.0.1:<port>` */
  readonly url: string;
  /** The Redis version whose command set it has, e.g. `7.0.15`; INFO says the same. */
  readonly version: string;
  /** Moves its clock forward by `ms`; keys whose time has come are gone for every later command. */
  advanceClock(ms: number): Promise<void>;
  /** Closes every connection and ends the worker. Safe to call twice. */
  stop(): Promise<void>;
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** Starts one, empty, with 16 databases. Resolves when it answers. */
export async function startEmbeddedRedis(): Promise<StartedEmbeddedRedis> {
  const worker = new Worker(new URL("boot-worker.cjs", import.meta.url), {
    execArgv: [],
    env: {},
    // The bundle lies elsewhere, or is code without a file.
    workerData: { resolveFrom: import.meta.url },
  });
  // The thread starts meanwhile.
  const bundle = bundleWorker();
  const advances = new Map<number, Waiting>();
  let failure: Error | undefined;
  const port = await new Promise<number>((resolve, reject) => {
    const end = (error: Error): void => {
      failure ??= error;
      reject(error);
      for (const waiting of advances.values()) waiting.reject(error);
      advances.clear();
    };
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") resolve(message.port);
      else {
        advances.get(message.id)?.resolve();
        advances.delete(message.id);
      }
    });
    worker.on("error", end);
    worker.on("exit", () => end(new Error("the embedded Redis has ended")));
    bundle.then(
      // The rule means windows of a browser.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      (found) => worker.postMessage(found),
      (error: unknown) => {
        reject(error);
        void worker.terminate();
      },
    );
  });
  let lastId = 0;
  const stop = async (): Promise<void> => {
    await worker.terminate();
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    version: VERSION,
    advanceClock: async (ms) => {
      if (failure) throw failure;
      lastId += 1;
      const request: WorkerRequest = { id: lastId, ms };
      await new Promise<void>((resolve, reject) => {
        advances.set(request.id, { resolve, reject });
        // The rule means windows of a browser.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(request);
      });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
