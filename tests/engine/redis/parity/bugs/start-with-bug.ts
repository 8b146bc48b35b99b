import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { StartedEmbeddedRedis } from "../../../../../engine/redis/embedded/start-embedded-redis.ts";
import type {
  WorkerMessage,
  WorkerRequest,
} from "../../../../../engine/redis/embedded/worker-messages.ts";
import type { PlantedBug } from "./planted-bugs.ts";

const REPOSITORY = path.resolve(import.meta.dirname, "../../../../..");
const SOURCES = path.join(REPOSITORY, "engine", "redis", "embedded");

/**
 * Starts the embedded Redis with one line of its sources changed.
 * @throws Error when that line is not there exactly once
 */
export async function startWithBug(bug: PlantedBug): Promise<StartedEmbeddedRedis> {
  const changed = path.join(SOURCES, ...bug.file.split("/"));
  const source = (await readFile(changed, "utf8")).replaceAll("\r\n", "\n");
  const times = source.split(bug.find).length - 1;
  if (times !== 1)
    throw new Error(`${bug.file} has the line of "${bug.name}" ${times} times, not once`);
  const result = await build({
    entryPoints: [path.join(SOURCES, "worker.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "silent",
    plugins: [
      {
        name: "planted bug",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, (file) =>
            path.resolve(file.path) === changed
              ? { contents: source.replace(bug.find, () => bug.replace), loader: "ts" }
              : undefined,
          );
        },
      },
    ],
  });
  const folder = path.join(REPOSITORY, "node_modules", ".cache", "redis-sessions-workbook");
  const file = path.join(folder, `planted-bug-${randomUUID()}.mjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, result.outputFiles[0]?.contents ?? "");
  const worker = new Worker(pathToFileURL(file), {
    execArgv: [],
    env: {},
    workerData: { resolveFrom: pathToFileURL(path.join(SOURCES, "start-embedded-redis.ts")).href },
  });
  const advanced = new Map<number, () => void>();
  const port = await new Promise<number>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "ready") resolve(message.port);
      else advanced.get(message.id)?.();
    });
  });
  let lastId = 0;
  const stop = async (): Promise<void> => {
    await worker.terminate();
    await rm(file, { force: true });
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    version: "7.0.15",
    advanceClock: async (ms) => {
      const request: WorkerRequest = { id: ++lastId, ms };
      await new Promise<void>((resolve) => {
        advanced.set(request.id, resolve);
        // The rule means windows of a browser.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(request);
      });
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
