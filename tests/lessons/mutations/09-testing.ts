import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 9` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the login keeps the session ID of the stranger",
    file: "app.ts",
    find: "req.session.regenerate((error) => {",
    replace: "req.session.save((error) => {",
  },
  {
    name: "the logout only clears the cookie",
    file: "app.ts",
    find: "req.session.destroy((error) => {",
    replace: "req.session.save((error) => {",
  },
  {
    name: "a session lives for hours",
    file: "app.ts",
    find: "maxAge: 30 * 60 * 1000",
    replace: "maxAge: 30 * 60 * 60 * 1000",
  },
  {
    name: "an outage is answered with 500",
    file: "app.ts",
    find: "res.status(503)",
    replace: "res.status(500)",
  },
  {
    name: "the tests leave their keys behind",
    file: "open-redis.ts",
    find: "if (some.length > 0) await cleaner.del(some);",
    replace: "",
  },
  {
    name: "the store on the mock forgets the TTL",
    file: "mock-store.ts",
    find: ', "EX", 1800)',
    replace: ")",
  },
];
