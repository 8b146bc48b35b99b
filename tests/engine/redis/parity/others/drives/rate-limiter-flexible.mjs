// Ours: the documented methods of rate-limiter-flexible over both clients, and its documented options.
// The first argument is the list of methods in its README; one that is not used here is a failure.
const { RateLimiterRedis, RateLimiterRedisNonAtomic, RateLimiterUnion, BurstyRateLimiter } =
  take("rate-limiter-flexible");
const Redis = take("ioredis");
const documented = JSON.parse(process.argv[2]);
const USED = "consume get set block delete deleteInMemoryBlockedAll penalty reward getKey".split(
  " ",
);
const missed = documented.filter((name) => !USED.includes(name));
if (missed.length > 0) throw new Error(`documented and not used here: ${missed.join(", ")}`);

const nodeRedis = take("redis").createClient();
nodeRedis.on("error", () => {});
await nodeRedis.connect();
const clients = {
  redis: { storeClient: nodeRedis, useRedisPackage: true },
  ioredis: { storeClient: new Redis() },
};
for (const [client, store] of Object.entries(clients)) {
  for (const Limiter of [RateLimiterRedis, RateLimiterRedisNonAtomic]) {
    const make = (name, options) =>
      new Limiter({
        ...store,
        keyPrefix: `${client}:${Limiter.name}:${name}`,
        points: 5,
        duration: 60,
        ...options,
      });
    const cases = {
      plain: {},
      forEver: { duration: 0 },
      blocks: { blockDuration: 120 },
      inMemory: { inMemoryBlockOnConsumed: 5, inMemoryBlockDuration: 30 },
      ready: { rejectIfRedisNotReady: true },
    };
    for (const [name, options] of Object.entries(cases))
      await useLimiter(`${client} ${Limiter.name} ${name}`, make(name, options));
    const first = make("one", { points: 1 });
    const second = make("two", { points: 3 });
    await useLimiter(`${client} ${Limiter.name} union`, new RateLimiterUnion(first, second));
    await useLimiter(
      `${client} ${Limiter.name} bursty`,
      new BurstyRateLimiter(make("steady", { points: 1 }), make("burst", { points: 2 })),
    );
    const together = make("together", { points: 20 });
    await attempt(`${client} ${Limiter.name} 20 at once`, async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => together.consume("k")));
      return Limiter === RateLimiterRedis
        ? results.map(({ remainingPoints }) => remainingPoints).toSorted((a, b) => a - b)
        : results.length;
    });
  }
}
await finish({});
