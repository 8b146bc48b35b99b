import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 2` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the first shop is rolling, too",
    file: "app.ts",
    find: "resave: false",
    replace: "resave: false,\n  rolling: true",
  },
  {
    name: "reading does not start the time to live again",
    file: "app.ts",
    find: "new RedisStore({ client })",
    replace: "new RedisStore({ client, disableTouch: true })",
  },
  {
    name: "sessions that were not changed are written again",
    file: "app.ts",
    find: "resave: false",
    replace: "resave: true",
  },
  {
    name: "the rolling shop no longer rolls",
    file: "rolling.ts",
    find: "rolling: true",
    replace: "rolling: false",
  },
  {
    name: "the cookie until the browser is closed has a date",
    file: "until-closed.ts",
    find: 'sameSite: "lax"',
    replace: 'sameSite: "lax", maxAge: 30 * 60 * 1000',
  },
  {
    name: "the store keeps the sessions of closed browsers for its default of a day",
    file: "until-closed.ts",
    find: "client, ttl: 30 * 60",
    replace: "client",
  },
  {
    name: "of the two numbers only the one of the store is left",
    file: "two-numbers.ts",
    find: ", maxAge: 30 * 60 * 1000",
    replace: "",
  },
  {
    name: "the wrong function is mended",
    file: "by-role-wrong.ts",
    find: "Number(idleMinutes.get(role))",
    replace: "(idleMinutes.get(role) ?? 30)",
  },
  {
    name: "the mended function answers NaN again",
    file: "by-role.ts",
    find: "(idleMinutes.get(role) ?? 30)",
    replace: "Number(idleMinutes.get(role))",
  },
  {
    name: "the tick changes nothing but the cookie",
    file: "shop.ts",
    find: "    req.session.remembered = true;\n",
    replace: "",
  },
  {
    name: "the tick is worth three days",
    file: "shop.ts",
    find: "30 * 24 * 60 * 60 * 1000;\n    req.session.remembered",
    replace: "3 * 24 * 60 * 60 * 1000;\n    req.session.remembered",
  },
  {
    name: "the back office ends sessions after half an hour",
    file: "idle-only.ts",
    find: "8 * 60 * 60",
    replace: "30 * 60",
  },
  {
    name: "no session is ended for good",
    file: "absolute.ts",
    find: "Math.min(idleSeconds, absoluteSeconds - age)",
    replace: "Math.max(idleSeconds, absoluteSeconds - age)",
  },
  {
    name: "the login does not say when it was",
    file: "shop.ts",
    find: "    req.session.loggedInAt = Date.now();\n",
    replace: "",
  },
  {
    name: "the voucher is valid for ten hours",
    file: "voucher.ts",
    find: "value: 600",
    replace: "value: 36000",
  },
];
