// Loaded before a program of somebody else (node --require): leads it to the Redis under test, has
// what examples take for granted, and writes down what came of it.
const { writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const net = require("node:net");
const path = require("node:path");
const { inspect } = require("node:util");

const { PARITY_PORT, PARITY_TOLD, PARITY_CONNECT } = process.env;
const take = createRequire(path.join(process.cwd(), "programs.js"));
const told = [];
const open = new Set();
let failure;

// Examples connect to localhost:6379.
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function connectToOurs(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (Number(options?.port) === 6379) {
    options.port = Number(PARITY_PORT);
    options.host = "127.0.0.1";
  }
  return connect.apply(this, args);
};

/** Clients that connect by themselves where the example leaves that out; connecting twice is once. */
const redis = take("redis");
const { createClient } = redis;
redis.createClient = (options) => {
  const client = createClient(options);
  const original = client.connect.bind(client);
  let connected;
  client.connect = () => (connected ??= original());
  if (PARITY_CONNECT === "yes") {
    client.on("error", () => {});
    client.connect().catch(() => {});
  }
  return client;
};

function show(value) {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === "function") return "[function]";
  if (typeof value?.connect === "function") return "[client]";
  if (typeof value?.setHeader === "function") return `[response ${value.statusCode}]`;
  return inspect(value, { depth: 5, sorted: true, breakLength: Infinity, maxArrayLength: null });
}

/** Writes down what a value, or a promise, comes to; answers it. */
function tell(label, value) {
  if (typeof value?.then !== "function") {
    told.push([label, show(value)]);
    return value;
  }
  const settled = value.then(
    (result) => {
      told.push([label, show(result)]);
      return result;
    },
    (error) => {
      told.push([label, `rejects: ${show(error)}`]);
      throw error;
    },
  );
  open.add(settled);
  return settled;
}

/** The same, and a rejection is no failure. */
async function attempt(label, work) {
  try {
    return await tell(label, Promise.resolve().then(work));
  } catch {
    return undefined;
  }
}

function end(code) {
  writeFileSync(PARITY_TOLD, JSON.stringify({ told, failure }));
  process.exit(code);
}

/** The documented methods of a limiter of rate-limiter-flexible, as far as it has them. */
async function useLimiter(name, limiter) {
  const limit = limiter.points ?? 3;
  const uses = [
    ["consume", "k"],
    ["consume", "k", 2],
    ["get", "k"],
    ["penalty", "k", 2],
    ["reward", "k", 1],
    ["consume", "k", limit + 1],
    ["get", "k"],
    ["block", "k", 60],
    ["consume", "k"],
    ["get", "k"],
    ["delete", "k"],
    ["delete", "k"],
    ["deleteInMemoryBlockedAll"],
    ["get", "k"],
    ["set", "k", 2, 60],
    ["get", "k"],
    ["getKey", "k"],
    ["consume", "127.0.0.1"],
    ["consume", "13.35.67.49"],
    ["consume", "47.1.1.1"],
  ];
  for (const [method, ...args] of uses) {
    if (typeof limiter[method] !== "function") continue;
    await attempt(`${name}.${method}(${args.join(", ")})`, () => limiter[method](...args));
  }
}

/** Three requests of one browser. */
async function useApp(app) {
  app.get("/", (request, response) => {
    if (request.session) request.session.views = (request.session.views ?? 0) + 1;
    response.json({ views: request.session?.views ?? null });
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  let cookie;
  for (let count = 1; count <= 3; count++) {
    await attempt(`request ${count}`, async () => {
      const headers = cookie === undefined ? {} : { cookie };
      const response = await fetch(`http://127.0.0.1:${server.address().port}/`, { headers });
      cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
      const limits = [...response.headers].filter(([name]) => name.startsWith("ratelimit"));
      return [response.status, await response.text(), cookie !== undefined, limits];
    });
  }
}

/** An example has ended: what it has declared is used as its text says. */
async function finish(declared) {
  // What an example starts without waiting for it.
  await Promise.allSettled(open);
  // An ioredis that keeps no commands must be ready before it is used.
  for (const client of Object.values(declared)) {
    if (client?.status === "connecting") await new Promise((ready) => client.once("ready", ready));
  }
  for (const [name, value] of Object.entries(declared)) {
    if (typeof value?.consume === "function") await useLimiter(name, value);
    else if (typeof value === "function" && name.startsWith("consume")) {
      for (let count = 1; count <= 10; count++) await attempt(`${name} ${count}`, () => value("k"));
    } else if (typeof value?.ping === "function" && PARITY_CONNECT === "yes") {
      await attempt(`${name}.ping()`, () => value.ping());
    }
  }
  if (usedApp !== undefined) await useApp(usedApp);
  end(0);
}

process.on("uncaughtException", (error) => {
  failure ??= show(error);
  end(1);
});

let usedApp;
let nodeRedis;
let ioredis;
const flexible = () => take("rate-limiter-flexible");
/** What examples use without saying where it comes from; made when it is first used. */
const givens = {
  app: () => (usedApp = take("express")()),
  client() {
    nodeRedis = redis.createClient();
    nodeRedis.on("error", () => {});
    const seeds = [
      nodeRedis.connect(),
      nodeRedis.hSet("hash", { field1: "value1", field2: "value2" }),
      nodeRedis.sAdd("set", ["a", "b"]),
      nodeRedis.zAdd("sorted-set", [{ score: 1, value: "a" }]),
      nodeRedis.set("source", "value"),
    ];
    for (const seed of seeds) seed.catch(() => {});
    return nodeRedis;
  },
  redisClient() {
    const Redis = take("ioredis");
    ioredis = new Redis();
    ioredis.on("error", () => {});
    return ioredis;
  },
  rateLimiter: () =>
    new (flexible().RateLimiterRedis)({
      storeClient: globalThis.redisClient,
      points: 5,
      duration: 60,
    }),
  opts: () => ({ points: 5, duration: 60 }),
  key: () => "key",
  remoteAddress: () => "192.0.2.1",
  req: () => ({ ip: "192.0.2.1", userId: "ada" }),
  res: () => ({ set() {}, status: () => ({ send() {} }) }),
  rateLimiterRes: () => ({ msBeforeNext: 250, remainingPoints: 0 }),
  RateLimiterRes: () => undefined,
  require: () => take,
  // Examples of other limiters show them over memory: here it is memory that is kept in Redis.
  RateLimiterMemory: () =>
    class extends flexible().RateLimiterRedis {
      constructor(options) {
        super({ storeClient: globalThis.redisClient, ...options });
      }
    },
};
for (const name of [
  "RateLimiterRedis",
  "BurstyRateLimiter",
  "RateLimiterUnion",
  "RateLimiterQueue",
  "RLWrapperBlackAndWhite",
])
  givens[name] = () => flexible()[name];
for (const name of ["createClient", "createClientPool", "RESP_TYPES"])
  givens[name] = () => redis[name];
for (const [name, make] of Object.entries(givens)) {
  const define = (value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  Object.defineProperty(globalThis, name, {
    configurable: true,
    get() {
      const value = make();
      define(value);
      return value;
    },
    set: define,
  });
}
Object.assign(globalThis, { tell, attempt, finish, take, useLimiter });
