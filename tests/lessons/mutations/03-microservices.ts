import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 3` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the reader touches",
    file: "profile.ts",
    find: ", disableTouch: true",
    replace: "",
  },
  {
    name: "the reader writes back what it has read",
    file: "profile.ts",
    find: "resave: false",
    replace: "resave: true",
  },
  {
    name: "the reader gives cookies to strangers",
    file: "profile.ts",
    find: "saveUninitialized: false",
    replace: "saveUninitialized: true",
  },
  {
    name: "the profile goes with the session",
    file: "main.ts",
    find: "7 * 24 * 60 * 60",
    replace: "30 * 60",
  },
  {
    name: "the whole profile lies in the session",
    file: "main.ts",
    find: "  req.session.role = customer.role;\n",
    replace: "  Object.assign(req.session, customer);\n",
  },
  {
    name: "the service without options no longer saves each session",
    file: "defaults.ts",
    find: "  secret,\n",
    replace: "  secret,\n  resave: false,\n",
  },
  {
    name: "the time to live has one owner",
    file: "own-ttl.ts",
    find: "RedisStore({ client })",
    replace: "RedisStore({ client, ttl: 30 * 60 })",
  },
  {
    name: "the prefix is the same",
    file: "own-prefix.ts",
    find: 'prefix: "profiles:", ',
    replace: "",
  },
  {
    name: "the service with its own prefix stores nothing for strangers",
    file: "own-prefix-eager.ts",
    find: "saveUninitialized: true",
    replace: "saveUninitialized: false",
  },
  {
    name: "the secret is the same",
    file: "own-secret.ts",
    find: '"known to the profile team only"',
    replace: "process.env.SESSION_SECRET ?? []",
  },
  {
    name: "the shop counts by reading and writing",
    file: "main.ts",
    find: 'const stars = await client.hIncrBy(`customer:${userId}`, "stars", 1);',
    replace:
      'const stars = Number(await client.hGet(`customer:${userId}`, "stars")) + 1;\n  await client.hSet(`customer:${userId}`, "stars", stars);',
  },
  {
    name: "the logout forgets the cookie and keeps the session",
    file: "main.ts",
    find: "req.session.destroy((error) => {\n    if (error) return next(error);\n",
    replace: "req.session.save((error) => {\n    if (error) return next(error);\n",
  },
];
