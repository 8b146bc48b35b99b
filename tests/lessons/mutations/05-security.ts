import { spawnSync } from "node:child_process";

import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 2` end with an expectation that does not hold. */
/** Where there is none, the lesson's program says so and tries nothing. */
const hasRedisServer = spawnSync("redis-server", ["--version"]).status === 0;

/** Tried only where a redis-server is. */
const ofRedisItself: readonly Mutation[] = [
  {
    name: "the store may no longer touch",
    file: "acl.ts",
    find: " +expire",
    replace: "",
  },
  {
    name: "the store may read every key",
    file: "acl.ts",
    find: "~sess:*",
    replace: "~*",
  },
];

/** Each makes `npm run lesson 5` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "scripts cannot read the bare cookie either",
    file: "bare.ts",
    find: "httpOnly: false",
    replace: "httpOnly: true",
  },
  {
    name: "scripts can read the safe cookie, too",
    file: "jar.ts",
    find: "safe: { cookie: { httpOnly: true",
    replace: "safe: { cookie: { httpOnly: false",
  },
  {
    name: "the safe cookie goes over plain http",
    file: "jar.ts",
    find: ", secure: true",
    replace: "",
  },
  {
    name: "the safe cookie goes along with forms of other sites",
    file: "jar.ts",
    find: 'sameSite: "lax"',
    replace: 'sameSite: "none"',
  },
  {
    name: "the shop does not look where a form comes from",
    file: "app.ts",
    find: ", refuseForeign: true",
    replace: "",
  },
  {
    name: "the login keeps the session ID",
    file: "shop.ts",
    find: "    const { basket } = req.session;\n    await renewSession(req);\n",
    replace: "    const { basket } = req.session;\n",
  },
  {
    name: "the basket does not survive the login",
    file: "shop.ts",
    find: "    if (basket !== undefined) req.session.basket = basket;\n",
    replace: "",
  },
  {
    name: "the login that kept the session ID regenerates, too",
    file: "shop.ts",
    find: "    req.session.user = user;\n    res.json({ user });",
    replace: "    await renewSession(req);\n    req.session.user = user;\n    res.json({ user });",
  },
  {
    name: "the login that copies everything believes the password",
    file: "shop.ts",
    find: "before.user || user",
    replace: "user || before.user",
  },
  {
    name: "the logout leaves the session in Redis",
    file: "shop.ts",
    find: "req.session.destroy((error) => {",
    replace: "req.session.save((error) => {",
  },
  {
    name: "ending a session only takes it off the list",
    file: "shop.ts",
    find: "    await store.destroy(id);\n",
    replace: "",
  },
  {
    name: "the list shows sessions that have ended",
    file: "shop.ts",
    find: "const living = await store.get(id);",
    replace: 'const living = (await store.get(id)) ?? { device: "ended" };',
  },
  {
    name: "the shop with the guessed secret has a strong one",
    file: "guess-secret.ts",
    find: 'careless: "keyboard cat"',
    replace: 'careless: "b1f0c2d7e9a84f63"',
  },
  {
    name: "of the list of secrets only the first counts",
    file: "rotation.ts",
    find: '.split(",")',
    replace: '.split(",").slice(0, 1)',
  },
  {
    name: "the last of the secrets signs",
    file: "rotation.ts",
    find: '.split(",")',
    replace: '.split(",").toReversed()',
  },
  {
    name: "production is not told of its proxy",
    file: "production.ts",
    find: "  proxies: 1,\n",
    replace: "",
  },
  {
    name: "the shop that nobody told believes the header",
    file: "untold.ts",
    find: "secure: true }",
    replace: "secure: true }, proxies: 1",
  },
  {
    name: "the cookie with half a promise has an honest name",
    file: "half-host.ts",
    find: "__Host-sid",
    replace: "sid",
  },
  {
    name: "the careless logger is careful",
    file: "log.ts",
    find: "JSON.stringify(req.headers.cookie)",
    replace: '"(a cookie)"',
  },
  ...(hasRedisServer ? ofRedisItself : []),
];
