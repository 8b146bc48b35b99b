// Hosts one program of a submission. Started ahead: it loads what every submission needs and waits
// to be told what to boot. Told to retire, it takes that apart, and can boot another if nothing is
// left. Plain JavaScript, so that it costs no transform.
import { createServer } from "node:http";
import { Server } from "node:net";
import { pathToFileURL } from "node:url";
import { watchLeftovers } from "./leftovers.mjs";
import { loadPackages } from "./load-packages.mjs";
import { Patience } from "./patience.mjs";

// Kept: what the submission does to process.send must not cut us off.
const send = process.send.bind(process);
const tell = (message) => send(message, () => {});
const calls = new Map();
let lastCall = 0;
let patience;
let boots = 0;
/** What runs now. */
let booted = { server: undefined, redis: undefined };

process.on("message", (message) => {
  if (message.do === "boot") void boot(message);
  if (message.do === "retire") void retire(message.isSudden);
  if (message.do === "patience") patience?.change(message.ms);
  if (message.do === "door") {
    const call = calls.get(message.id);
    calls.delete(message.id);
    if (message.error === undefined) call?.resolve(message.result);
    else call?.reject(new Error(message.error));
  }
});
// What nearly every submission imports is loaded while it waits.
const { packages } = await loadPackages(process.argv[2]);
// Making a client's class with all its commands takes a while; its duplicate has the class already.
const waiting = packages.redis.createClient({
  disableOfflineQueue: true,
  socket: { reconnectStrategy: (retries) => Math.min(10 + retries * 10, 100) },
});
refuseFixedPorts();
const findLeftover = watchLeftovers(Object.values(packages).flatMap((one) => Object.values(one)));
tell({ did: "wait" });

async function boot({ file, loader, redisUrl, secret, settings, doors, patienceMs = 500 }) {
  try {
    patience = new Patience(patienceMs);
    const redis = waiting.duplicate({
      url: redisUrl,
    });
    booted = { server: undefined, redis };
    redis.on("error", () => {});
    // What createClient answers is derived from the client itself, on which commands are sent.
    patience.rule(Reflect.get(redis, "_self") ?? redis);
    await redis.connect();
    if (loader !== undefined) await useLoader(loader);
    // By an address of its own: all of the submission starts from the beginning.
    boots += 1;
    const module = await import(`${pathToFileURL(file).href}${boots > 1 ? `?boot=${boots}` : ""}`);
    if (typeof module.createApp !== "function") {
      tell({ did: "fail", error: { message: withoutCreateApp(module) } });
      return;
    }
    tell({ did: "load" });
    const context = { redis, redisUrl, secret, settings };
    for (const door of doors) context[door] = (...args) => callDoor(door, args);
    const app = await module.createApp(context);
    if (typeof app !== "function") {
      tell({
        did: "fail",
        error: { message: `createApp returned ${inWords(app)}, not an Express app.` },
      });
      return;
    }
    const server = createServer(app);
    booted.server = server;
    server.on("error", (error) => tell({ did: "fail", error: describe(error) }));
    server.listen(0, "127.0.0.1", () => tell({ did: "boot", port: server.address().port }));
  } catch (error) {
    tell({ did: "fail", error: describe(error) });
  }
}

/** Ends what was booted, and says what is left of it, in a word. */
async function retire(isSudden) {
  try {
    if (isSudden && (calls.size > 0 || process.getActiveResourcesInfo().includes("Timeout"))) {
      tell({ did: "retire", left: "work" });
      return;
    }
    const { server, redis } = booted;
    server.close();
    server.closeAllConnections();
    if (redis.isOpen) redis.destroy();
    booted = { server: undefined, redis: undefined };
    tell({ did: "retire", left: (await findLeftover()) ?? (calls.size > 0 ? "door" : undefined) });
  } catch (error) {
    tell({ did: "retire", left: String(error) });
  }
}

/** Of a submission that runs as it was written: TypeScript, also in what it forks. */
async function useLoader(url) {
  await import(url);
  process.execArgv.push("--import", url);
}

/**
 * Many processes of one submission run side by side: a port of its own choice would be free for the
 * first of them only.
 */
function refuseFixedPorts() {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    const [first] = args;
    const port = Number(typeof first === "object" && first !== null ? first.port : first);
    if (port > 0) {
      throw new Error(
        `It listens on port ${port} by itself: leave out listen, createApp only returns the app`,
      );
    }
    return listen.apply(this, args);
  };
}

function withoutCreateApp(module) {
  const names = Object.keys(module);
  const what = names.length === 0 ? "nothing" : names.join(", ");
  return `It exports no function createApp(context); what it exports: ${what}.`;
}

function inWords(app) {
  if (app === null || app === undefined) return String(app);
  if (typeof app.address === "function")
    return "a server (leave out listen, return the app itself)";
  return Array.isArray(app)
    ? "an array"
    : typeof app === "object"
      ? "an object"
      : `a ${typeof app}`;
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
