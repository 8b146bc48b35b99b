// Hosts one program of a submission. Started ahead: it loads what every submission needs and waits
// to be told what to boot. Plain JavaScript, so that it costs no transform.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { createClient } from "redis";

const COMMAND_TIMEOUT_MS = 500;
// Kept: what the submission does to process.send must not cut us off.
const send = process.send.bind(process);
const tell = (message) => send(message, () => {});
const calls = new Map();
let lastCall = 0;

process.on("message", (message) => {
  if (message.do === "boot") void boot(message);
  if (message.do === "door") {
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(message.error));
  }
});
// What nearly every submission imports is loaded while it waits.
await Promise.allSettled([import("express"), import("express-session"), import("connect-redis")]);
tell({ did: "wait" });

async function boot({ file, redisUrl, secret, settings, doors }) {
  try {
    const redis = createClient({
      url: redisUrl,
      commandOptions: { timeout: COMMAND_TIMEOUT_MS },
      disableOfflineQueue: true,
      socket: { reconnectStrategy: (retries) => Math.min(10 + retries * 10, 100) },
    });
    redis.on("error", () => {});
    // What createClient answers is derived from the client itself, on which commands are sent.
    failFast(Reflect.get(redis, "_self") ?? redis);
    await redis.connect();
    const module = await import(pathToFileURL(file).href);
    if (typeof module.createApp !== "function") {
      tell({ did: "fail", error: { message: "It exports no function createApp(context)." } });
      return;
    }
    const context = { redis, redisUrl, secret, settings };
    for (const door of doors) context[door] = (...args) => callDoor(door, args);
    const app = await module.createApp(context);
    if (typeof app !== "function") {
      const what = app === null ? "null" : typeof app;
      tell({ did: "fail", error: { message: `createApp returned ${what}, not an Express app.` } });
      return;
    }
    const server = createServer(app);
    server.on("error", (error) => tell({ did: "fail", error: describe(error) }));
    server.listen(0, "127.0.0.1", () => tell({ did: "boot", port: server.address().port }));
  } catch (error) {
    tell({ did: "fail", error: describe(error) });
  }
}

/** node-redis stops its own timeout once a command is written; a Redis that is stuck must reject too. */
function failFast(client) {
  for (const name of ["sendCommand", "_executePipeline", "_executeMulti"]) {
    const original = client[name];
    client[name] = async function (...args) {
      let timer;
      const late = new Promise((_resolve, reject) => {
        const fail = () =>
          reject(new Error(`Redis has not answered within ${COMMAND_TIMEOUT_MS} ms`));
        timer = setTimeout(fail, COMMAND_TIMEOUT_MS);
      });
      try {
        return await Promise.race([original.apply(this, args), late]);
      } finally {
        clearTimeout(timer);
      }
    };
  }
}

function callDoor(door, args) {
  return new Promise((resolve, reject) => {
    lastCall += 1;
    calls.set(lastCall, { resolve, reject });
    tell({ did: "door", id: lastCall, door, args });
  });
}

function describe(error) {
  if (!(error instanceof Error)) return { message: String(error) };
  return { name: error.name, message: error.message, stack: error.stack };
}
