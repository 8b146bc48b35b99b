// Ours: rate-limit-redis as express-rate-limit calls it, over both clients.
const { RedisStore } = take("rate-limit-redis");
const { rateLimit } = take("express-rate-limit");
const Redis = take("ioredis");

const nodeRedis = take("redis").createClient();
nodeRedis.on("error", () => {});
await nodeRedis.connect();
const ioredis = new Redis();
const clients = {
  redis: (...args) => nodeRedis.sendCommand(args),
  ioredis: (...args) => ioredis.call(...args),
};
for (const [client, sendCommand] of Object.entries(clients)) {
  const prefix = `${client}:`;
  const store = new RedisStore({ sendCommand, prefix });
  await store.init({ windowMs: 60_000 });
  const use = async (method) =>
    await attempt(`${prefix} ${method}`, async () => {
      const result = await store[method]("ip");
      return result?.totalHits === undefined
        ? result
        : [result.totalHits, result.resetTime instanceof Date];
    });
  const methods = "get increment increment get decrement get increment resetKey get increment";
  for (const method of methods.split(" ")) await use(method);
  // The scripts are gone: the store loads them again.
  await sendCommand("SCRIPT", "FLUSH");
  for (const method of ["increment", "get"]) await use(method);
}

const limit = 3;
app.use(
  rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: true,
    legacyHeaders: false,
    store: new RedisStore({ sendCommand: clients.redis }),
  }),
);
await finish({});
