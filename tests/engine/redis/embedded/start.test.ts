import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { waitUntil } from "../../../../engine/process/deadline.ts";
import { createTemporaryFolder } from "../../../../engine/process/create-temporary-folder.ts";
import {
  bundleWorker,
  type WorkerBundle,
} from "../../../../engine/redis/embedded/bundle-worker.ts";
import { startEmbeddedRedis } from "../../../../engine/redis/embedded/start-embedded-redis.ts";
import type { WorkerMessage } from "../../../../engine/redis/embedded/worker-messages.ts";
import { RawConnection } from "./raw-connection.ts";

const SOURCES = path.resolve(import.meta.dirname, "../../../../engine/redis/embedded");
const folder = createTemporaryFolder("embedded-start");
afterAll(folder.remove);

/** Starts the worker with a bundle, and asks it for PONG and for a script's answer. */
async function tryBundle(bundle: WorkerBundle): Promise<void> {
  const worker = new Worker(path.join(SOURCES, "boot-worker.cjs"), {
    execArgv: [],
    env: {},
    workerData: { resolveFrom: import.meta.url },
  });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (message: WorkerMessage) => {
        if (message.kind === "ready") resolve(message.port);
      });
      // The rule means windows of a browser.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(bundle);
    });
    await using connection = await RawConnection.open(port);
    connection.command("EVAL", "return redis.call('PING')", "0");
    await connection.expect("+PONG\r\n");
  } finally {
    await worker.terminate();
  }
}

async function keptBundle(): Promise<string> {
  const bundle = await bundleWorker();
  if (!("file" in bundle)) throw new Error("the bundle is not kept on this machine");
  const file = path.join(folder.path, "bundle.cjs");
  copyFileSync(bundle.file, file);
  return file;
}

test("starts from code alone, where no bundle can be kept", async () => {
  await tryBundle({ code: readFileSync(await keptBundle(), "utf8") });
});

test("keeps the compiled code beside the bundle, and makes it again when it is spoiled", async () => {
  const file = await keptBundle();
  const compiled = `${file}.code`;
  for (const before of [undefined, "spoiled"]) {
    if (before !== undefined) writeFileSync(compiled, before);
    await tryBundle({ file });
    const isThere = (): boolean => {
      try {
        return readFileSync(compiled).length > 10_000;
      } catch {
        return false;
      }
    };
    expect(await waitUntil(isThere, 10_000)).toBe(true);
  }
  await tryBundle({ file });
});

test("the next of one process starts as well while the first runs", async () => {
  await using first = await startEmbeddedRedis();
  await using second = await startEmbeddedRedis();
  expect(second.port).not.toBe(first.port);
});
