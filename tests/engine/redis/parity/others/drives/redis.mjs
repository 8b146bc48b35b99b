// Ours: the client's own surface in RESP2 and RESP3, with what it makes of the replies.
const redis = take("redis");

const open = async (options) => {
  const client = redis.createClient(options);
  client.on("error", () => {});
  await client.connect();
  return client;
};

for (const RESP of [2, 3]) {
  const client = await open({ RESP });
  await client.flushAll();
  let count = 0;
  /** `use("get", "key")`; its number keeps the order. */
  const use = async (method, ...args) => {
    count += 1;
    return await attempt(`RESP${RESP} ${count} ${method}`, () => client[method](...args));
  };

  await use("set", "s", "value", { EX: 100, NX: true });
  await use("set", "s", "value", { NX: true });
  await use("set", "s", "other", { GET: true, KEEPTTL: true });
  await use("get", "s");
  await use("getEx", "s", { type: "EX", value: 900 });
  await use("getDel", "s");
  await use("mSet", { a: "1", b: "2" });
  await use("mGet", ["a", "b", "none"]);
  await use("incr", "a");
  await use("incrByFloat", "a", 0.5);
  await use("append", "b", "tail");
  await use("getRange", "b", 0, 2);
  await use("setBit", "bits", 7, 1);
  await use("bitCount", "bits");
  await use("exists", ["a", "b", "none"]);
  await use("type", "a");
  await use("expire", "a", 1000);
  await use("ttl", "a");
  await use("pTTL", "a");
  await use("persist", "a");
  await use("hSet", "h", { one: "1", two: "2" });
  await use("hGetAll", "h");
  await use("hmGet", "h", ["one", "none"]);
  await use("hIncrBy", "h", "one", 4);
  await use("hScan", "h", "0");
  await use("hRandFieldCountWithValues", "none", 2);
  await use("lPush", "l", ["a", "b", "c"]);
  await use("lRange", "l", 0, -1);
  await use("lPos", "l", "a");
  await use("lMove", "l", "l2", "LEFT", "RIGHT");
  await use("blPop", ["l"], 1);
  await use("lmPop", ["none", "l"], "LEFT");
  await use("sAdd", "set", ["x", "y"]);
  await attempt(`RESP${RESP} sMembers`, async () => (await client.sMembers("set")).toSorted());
  await use("smIsMember", "set", ["x", "z"]);
  await use("sInterCard", ["set", "set"]);
  await use("zAdd", "z", [
    { score: 1, value: "one" },
    { score: 2.5, value: "two" },
    { score: Infinity, value: "end" },
  ]);
  await use("zRangeWithScores", "z", 0, -1);
  await use("zRange", "z", "-inf", "2.5", { BY: "SCORE", REV: false });
  await use("zScore", "z", "two");
  await use("zmScore", "z", ["one", "none"]);
  await use("zIncrBy", "z", 1.5, "one");
  await use("zPopMax", "z");
  await use("bzPopMin", "z", 1);
  await use("zRank", "z", "two");
  await use("xAdd", "x", "1-1", { field: "value" });
  await use("xAdd", "x", "1-2", { field: "other" });
  await use("xLen", "x");
  await use("xRange", "x", "-", "+");
  await use("xGroupCreate", "x", "group", "0");
  await use("xReadGroup", "group", "ada", [{ key: "x", id: ">" }], { COUNT: 1 });
  await use("xPending", "x", "group");
  await use("xAck", "x", "group", "1-1");
  await use("xInfoGroups", "x");
  await use("xRead", [{ key: "x", id: "0" }]);
  await use("pfAdd", "p", ["a", "b"]);
  await use("pfCount", ["p"]);
  await use("sort", "l", { ALPHA: true });
  await use("copy", "a", "copied");
  await use("rename", "copied", "renamed");
  await use("objectEncoding", "a");
  await use("eval", "return {KEYS[1], ARGV[1], redis.call('get', KEYS[1])}", {
    keys: ["a"],
    arguments: ["x"],
  });
  await use("eval", "return redis.error_reply('MY mistake')");
  await use("scriptLoad", "return 7");
  await use("sendCommand", ["SET", "raw", "1", "NX"]);
  await use("get", "h");
  await use("publish", "nobody", "hello");
  await use("dbSize");
  await use("select", 3);
  await use("dbSize");
  await use("select", 0);
  await use("ping");
  await use("echo", "again");
  await use("configGet", "maxmemory-policy");
  await use("pubSubNumSub", ["news"]);
  await use("clientGetName");

  await attempt(`RESP${RESP} multi`, () =>
    client.multi().set("m", "1").incr("m").hGetAll("h").get("m").exec(),
  );
  await attempt(`RESP${RESP} multi with a mistake`, () =>
    client.multi().set("m", "text").incr("m").exec(),
  );
  await attempt(`RESP${RESP} watch`, async () => {
    const second = client.duplicate();
    second.on("error", () => {});
    await second.connect();
    await client.watch("m");
    await second.set("m", "changed");
    second.destroy();
    return await client.multi().set("m", "mine").exec();
  });
  await attempt(`RESP${RESP} scanIterator`, async () => {
    const keys = [];
    for await (const batch of client.scanIterator({ MATCH: "?", COUNT: 3 })) keys.push(...batch);
    return [...new Set(keys)].toSorted();
  });
  await attempt(`RESP${RESP} buffers`, async () => {
    const binary = client.withTypeMapping({ [redis.RESP_TYPES.BLOB_STRING]: Buffer });
    await binary.set("binary", Buffer.from([0, 255, 13, 10]));
    return await binary.get("binary");
  });
  await attempt(`RESP${RESP} subscribe`, async () => {
    const subscriber = client.duplicate();
    subscriber.on("error", () => {});
    await subscriber.connect();
    const heard = [];
    let done;
    const all = new Promise((resolve) => (done = resolve));
    const hear = (message, channel) => {
      heard.push([channel, message]);
      if (heard.length === 2) done();
    };
    await subscriber.subscribe("news", hear);
    await subscriber.pSubscribe("n*", hear);
    const reached = await client.publish("news", "hello");
    await all;
    await subscriber.unsubscribe("news");
    await subscriber.pUnsubscribe("n*");
    subscriber.destroy();
    return [reached, heard.toSorted()];
  });
  await attempt(`RESP${RESP} pipeline`, async () => {
    return await Promise.all(Array.from({ length: 50 }, () => client.incr("together")));
  });
  client.destroy();
}

// One connection: which of several a command takes is luck.
const pool = redis.createClientPool({}, { minimum: 1, maximum: 1 });
pool.on("error", () => {});
await pool.connect();
await attempt("pool", () => Promise.all([pool.set("pooled", "1"), pool.ping()]));
await attempt("pool, isolated", () =>
  pool.execute(async (client) => {
    await client.watch("pooled");
    return await client.multi().incr("pooled").exec();
  }),
);
pool.destroy();

const scripted = await open({
  scripts: {
    add: redis.defineScript({
      NUMBER_OF_KEYS: 1,
      SCRIPT: "return redis.call('GET', KEYS[1]) + ARGV[1];",
      parseCommand(parser, key, toAdd) {
        parser.pushKey(key);
        parser.push(String(toAdd));
      },
      transformReply: (reply) => reply,
    }),
  },
});
await attempt("script", async () => {
  await scripted.set("number", "1");
  return [await scripted.add("number", 2), await scripted.add("number", 3)];
});
scripted.destroy();
await finish({});
