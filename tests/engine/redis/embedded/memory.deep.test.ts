import path from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleWorker } from "../../../../engine/redis/embedded/bundle-worker.ts";
import type {
  WorkerMessage,
  WorkerRequest,
} from "../../../../engine/redis/embedded/worker-messages.ts";
import { RawConnection, until } from "./raw-connection.ts";

const MEBIBYTE = 1024 * 1024;
/** Code that was compiled and tables that were grown stay. */
const STAYS_AT_FIRST = 3 * MEBIBYTE;
/** What the same load may add when it comes again. */
const STAYS_LATER = MEBIBYTE;
const BOOT = path.resolve(import.meta.dirname, "../../../../engine/redis/embedded/boot-worker.cjs");
/** Beside the worker's own code: collects garbage when it is asked, and says what is left. */
const MEASURE = `
  const { workerData } = require("node:worker_threads");
  require("node:v8").setFlagsFromString("--expose-gc");
  const collect = require("node:vm").runInNewContext("gc");
  workerData.measure.on("message", () => {
    collect();
    collect();
    const { heapUsed, external } = process.memoryUsage();
    workerData.measure.postMessage(heapUsed + external);
  });
  workerData.measure.unref();
  require(${JSON.stringify(BOOT)});
`;

const { port1: measuring, port2: measure } = new MessageChannel();
let worker: Worker;
let port: number;

beforeAll(async () => {
  worker = new Worker(MEASURE, {
    eval: true,
    execArgv: [],
    env: {},
    workerData: { resolveFrom: import.meta.url, measure },
    transferList: [measure],
  });
  port = await new Promise<number>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: WorkerMessage) => {
      if (message.kind === "ready") resolve(message.port);
    });
    // The rule means windows of a browser.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    bundleWorker().then((bundle) => worker.postMessage(bundle), reject);
  });
});
afterAll(async () => {
  measuring.close();
  await worker.terminate();
});

/** Bytes that the embedded Redis holds when all garbage is gone. */
async function heldBytes(): Promise<number> {
  return await new Promise((resolve) => {
    measuring.once("message", resolve);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    measuring.postMessage("measure");
  });
}

async function travel(ms: number): Promise<void> {
  const request: WorkerRequest = { id: 1, ms };
  await new Promise<void>((resolve) => {
    worker.once("message", () => resolve());
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(request);
  });
}

/** Each takes memory, says how much by `holds`, and then has no more need of it. */
const loads: Record<string, (holds: (bytes: number) => Promise<void>) => Promise<void>> = {
  "50,000 keys with a TTL": async (holds) => {
    await using connection = await RawConnection.open(port);
    const script =
      "for i = 1, 50000 do redis.call('SET', 'key:' .. i, string.rep('x', 100), 'EX', 600) end";
    connection.command("EVAL", script, "0");
    await connection.expect("$-1\r\n");
    connection.command("DBSIZE");
    await connection.expect(":50000\r\n");
    await holds(50_000 * 100);
    await travel(600_000);
  },
  "values of 8 MiB": async (holds) => {
    await using connection = await RawConnection.open(port);
    const value = "v".repeat(8 * MEBIBYTE);
    for (const key of ["a", "b", "c"]) connection.command("SET", key, value);
    await connection.expect("+OK\r\n".repeat(3));
    connection.command("GET", "a");
    await connection.expect(`$${value.length}\r\n${value}\r\n`);
    await holds(2.5 * value.length);
    connection.command("DEL", "a", "b", "c");
    await connection.expect(":3\r\n");
  },
  "a request of 1,000,000 arguments": async (holds) => {
    await using connection = await RawConnection.open(port);
    const items = "$3\r\nabc\r\n".repeat(999_998);
    connection.send(`*1000001\r\n$3\r\nDEL\r\n${items}`);
    await until(
      async () => await holdsAtLeast(1_000_000 * 8),
      () => "the arguments never came",
    );
    await holds(1_000_000 * 8);
    connection.send("$3\r\nabc\r\n$3\r\nabc\r\n");
    await connection.expect(":0\r\n");
  },
  "a subscriber that does not read": async () => {
    await using subscriber = await RawConnection.open(port);
    subscriber.command("SUBSCRIBE", "flood");
    await subscriber.expect("*3\r\n$9\r\nsubscribe\r\n$5\r\nflood\r\n:1\r\n");
    subscriber.socket.pause();
    await using publisher = await RawConnection.open(port);
    const message = "m".repeat(MEBIBYTE);
    // 32 MiB of messages that nobody reads are the limit, beside what the sockets take.
    const publish = async (): Promise<boolean> => {
      publisher.received = Buffer.alloc(0);
      publisher.command("PUBLISH", "flood", message);
      await until(
        () => publisher.received.includes("\r\n"),
        () => "PUBLISH was not answered",
      );
      return publisher.received.toString() === ":0\r\n";
    };
    await until(publish, () => "the subscriber was never cut off");
  },
};

/** What is there from the first time on is loaded before anything is measured: Lua. */
beforeAll(async () => {
  await using connection = await RawConnection.open(port);
  connection.command("EVAL", "return 1", "0");
  await connection.expect(":1\r\n");
});

let startBytes = 0;

async function holdsAtLeast(bytes: number): Promise<boolean> {
  return (await heldBytes()) >= startBytes + bytes;
}

/** Connections end a moment after the client has closed them. */
async function comesBackTo(bytes: number): Promise<void> {
  let held = Infinity;
  await until(
    async () => (held = await heldBytes()) <= bytes,
    () => `${held} bytes are still held; ${bytes} were expected at most`,
  );
}

test.each(Object.entries(loads))("memory comes back after %s", async (_name, load) => {
  startBytes = await heldBytes();
  const once = async (): Promise<void> =>
    await load(async (bytes) => expect(await holdsAtLeast(bytes)).toBe(true));
  await once();
  await comesBackTo(startBytes + STAYS_AT_FIRST);
  const afterOne = await heldBytes();
  await once();
  await comesBackTo(afterOne + STAYS_LATER);
});
