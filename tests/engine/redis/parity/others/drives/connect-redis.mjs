// Ours: the documented options of connect-redis, over both clients that people give it.
const { RedisStore } = take("connect-redis");
const client = take("redis").createClient();
client.on("error", () => {});
await client.connect();

const cookie = (seconds) => ({
  originalMaxAge: seconds * 1000,
  expires: new Date(Date.now() + seconds * 1000),
});
const cases = {
  plain: {},
  prefix: { prefix: "shop:" },
  ttl: { ttl: 600 },
  "ttl of each": { ttl: (session) => session.seconds },
  disableTouch: { disableTouch: true },
  disableTTL: { disableTTL: true },
  scanCount: { scanCount: 1 },
  serializer: {
    serializer: {
      stringify: (value) => `1 ${JSON.stringify(value)}`,
      parse: async (text) => JSON.parse(text.slice(2)),
    },
  },
};
for (const [name, options] of Object.entries(cases)) {
  const store = new RedisStore({ client, ...options });
  const ttl = async (id) => await attempt(`${name} ttl`, () => client.ttl(`${store.prefix}${id}`));
  await attempt(`${name} set`, () => store.set("one", { name: "Ada", seconds: 700, cookie: {} }));
  await ttl("one");
  await attempt(`${name} set`, () => store.set("two", { seconds: 700, cookie: cookie(900) }));
  await ttl("two");
  await attempt(`${name} touch`, () => store.touch("two", { seconds: 800, cookie: cookie(1200) }));
  await ttl("two");
  await attempt(`${name} get`, () => store.get("one"));
  await attempt(`${name} get`, () => store.get("nobody"));
  await attempt(`${name} all`, async () => (await store.all()).map(({ id }) => id).toSorted());
  await attempt(`${name} ids`, async () => (await store.ids()).toSorted());
  await attempt(`${name} length`, () => store.length());
  await attempt(`${name} destroy`, () => store.destroy("two"));
  await attempt(`${name} length`, () => store.length());
  await attempt(`${name} clear`, () => store.clear());
  await attempt(`${name} length`, () => store.length());
}
await finish({});
