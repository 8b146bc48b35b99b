import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 7` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the lean session holds the history",
    file: "lean.ts",
    find: "  req.session.readerId = id;\n",
    replace: "  req.session.readerId = id;\n  Object.assign(req.session, { history });\n",
  },
  {
    name: "the history lives as long as it likes",
    file: "lean.ts",
    find: "client.setEx(`reader:${id}:history`, dayInSeconds, JSON.stringify(history))",
    replace: "client.set(`reader:${id}:history`, JSON.stringify(history))",
  },
  {
    name: "the heavy session holds the name alone",
    file: "heavy.ts",
    find: "req.session.file = reader;",
    replace: "req.session.name = reader.name;",
  },
  {
    name: "the careless write is waited for",
    file: "old/not-awaited.ts",
    find: "JSON.stringify(preferences)",
    replace: "JSON.stringify(preferences ?? {})",
  },
  {
    name: "all sizes are measured with the same session",
    file: "sizes.ts",
    find: "const session = sessionOf(kib);",
    replace: "const session = sessionOf(5);",
  },
  {
    name: "plain sessions can no longer be read by the packing shop",
    file: "packing.ts",
    find: '    if (text.startsWith("{")) return JSON.parse(text);\n',
    replace: "",
  },
  {
    name: "nothing is packed",
    file: "packing.ts",
    find: 'deflateRawSync(JSON.stringify(session)).toString("base64")',
    replace: "JSON.stringify(session)",
  },
  {
    name: "what has not changed is not written",
    file: "resave.ts",
    find: "resave: true",
    replace: "resave: false",
  },
  {
    name: "each page touches",
    file: "once-a-minute.ts",
    find: ", disableTouch: true",
    replace: "",
  },
  {
    name: "each page is noted",
    file: "once-a-minute.ts",
    find: "> 60_000",
    replace: ">= 0",
  },
  {
    name: "nobody is noted",
    file: "once-a-minute.ts",
    find: "readerId !== undefined && isStale",
    replace: "readerId === undefined && isStale",
  },
  {
    name: "the request with its own connection uses the one of all",
    file: "connections.ts",
    find: '  "one for each request": async () => {\n',
    replace:
      '  "one for each request": async () => {\n    if (url) return await onOne.get("reader");\n',
  },
  {
    name: "the page that scans asks for all at once",
    file: "admin.ts",
    find: ", COUNT: 1000",
    replace: ", COUNT: 1_000_000",
  },
  {
    name: "the formula forgets the size of a session",
    file: "million.ts",
    find: "sessions * (bytesOfOne + timeToLive)",
    replace: "sessions * timeToLive",
    redis: "server",
  },
];
