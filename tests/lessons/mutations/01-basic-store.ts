import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 1` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the store is left out, so the sessions live in the process again",
    file: "app.ts",
    find: "    store: new RedisStore({ client }),\n",
    replace: "",
  },
  {
    name: "sessions that were not changed are written again",
    file: "app.ts",
    find: "resave: false",
    replace: "resave: true",
  },
  {
    name: "empty sessions are stored",
    file: "app.ts",
    find: "saveUninitialized: false",
    replace: "saveUninitialized: true",
  },
  {
    name: "a session lives for hours",
    file: "app.ts",
    find: "maxAge: 30 * 60 * 1000",
    replace: "maxAge: 30 * 60 * 60 * 1000",
  },
  {
    name: "scripts in the page can read the cookie",
    file: "app.ts",
    find: "httpOnly: true",
    replace: "httpOnly: false",
  },
  {
    name: "reading does not start the time to live again",
    file: "app.ts",
    find: "new RedisStore({ client })",
    replace: "new RedisStore({ client, disableTouch: true })",
  },
  {
    name: "the keys have another prefix",
    file: "app.ts",
    find: "new RedisStore({ client })",
    replace: 'new RedisStore({ client, prefix: "shop:" })',
  },
  {
    name: "the page greets everybody as a stranger",
    file: "app.ts",
    find: "req.session.reader?.name",
    replace: "undefined",
  },
  {
    name: "each process has its own secret",
    file: "app.ts",
    find: 'process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET"',
    replace: "String(process.pid)",
  },
  {
    name: "the first version counts from two",
    file: "memory.ts",
    find: "const visits = (req.session.visits ?? 0) + 1;",
    replace: "const visits = (req.session.visits ?? 1) + 1;",
  },
  {
    name: "the eager shop is no longer eager",
    file: "eager.ts",
    find: "saveUninitialized: true",
    replace: "saveUninitialized: false",
  },
  {
    name: "the cookie is signed with another checksum",
    file: "make-cookie.ts",
    find: 'createHmac("sha256"',
    replace: 'createHmac("sha1"',
  },
  {
    name: "the client that never connects does connect",
    file: "old/no-connect.ts",
    find: "const app = express();",
    replace: "await client.connect();\nconst app = express();",
  },
];
