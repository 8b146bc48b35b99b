import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 4` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the shop with one address asks the sentinels, too",
    file: "plain.ts",
    find: "const client = createClient({ url, disableOfflineQueue: true });",
    replace:
      'import { createSentinel } from "redis";\nimport { name, sentinelRootNodes } from "./sentinels.ts";\nvoid [createClient, url];\nconst client = createSentinel({ name, sentinelRootNodes });',
  },
  {
    name: "the shop reads from replicas",
    file: "app.ts",
    find: "createSentinel({ name, sentinelRootNodes })",
    replace: "createSentinel({ name, sentinelRootNodes, replicaPoolSize: 1 })",
  },
  {
    name: "the shop counts replicas that are not in step, too",
    file: "app.ts",
    find: "replicas > 0 ? 200 : 503",
    replace: "200",
  },
  {
    name: "the reader of replicas reads from the primary",
    file: "replica-reads.ts",
    find: "replicaPoolSize: 1",
    replace: "replicaPoolSize: 0",
  },
  {
    name: "nobody waits for a copy",
    file: "careful.ts",
    find: 'return Number(await primary.sendCommand(false, ["WAIT", "1", "300"]));',
    replace: "return 1;",
  },
  {
    name: "the copy that did not come is no reason to refuse",
    file: "careful.ts",
    find: "copies < 1",
    replace: "copies < 0",
  },
  {
    name: "a login that was refused leaves its session behind",
    file: "shop.ts",
    find: "        await promisify(req.session.destroy).call(req.session);\n",
    replace: "",
  },
  {
    name: "sessions are kept in the process",
    file: "app.ts",
    find: "createShop({ store: new RedisStore({ client }) })",
    replace:
      'createShop({ store: new (await import("express-session")).default.MemoryStore() ?? new RedisStore({ client }) })',
  },
  {
    name: "a login says nothing to the store",
    file: "shop.ts",
    find: "await promisify(req.session.regenerate).call(req.session);",
    replace: "",
  },
  {
    name: "errors of Redis are hidden",
    file: "shop.ts",
    find: "res.status(503).json({ error: error.message });",
    replace: "res.status(200).json({ ok: true });",
  },
  {
    name: "the old option is no option of a client that dials by default",
    file: "old/sentinel-option.ts",
    find: "socket: { reconnectStrategy: false },",
    replace: 'url: "redis://sentinel1.shop.example:26379", socket: { reconnectStrategy: false },',
  },
];
