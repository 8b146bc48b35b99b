import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 8` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "bug 1: the editors' tool has a default that means something",
    file: "add-book.ts",
    find: '?? ""',
    replace: '?? "page:"',
  },
  {
    name: "bug 1: the mended tool empties everything",
    file: "add-book-mended.ts",
    find: '|| "page:"',
    replace: '|| ""',
  },
  {
    name: "bug 2: the reading room counts in seconds",
    file: "kiosk.ts",
    find: "30 * 60 * 1000",
    replace: "30 * 60",
  },
  {
    name: "bug 2: the mended shop counts in milliseconds",
    file: "mended.ts",
    find: "const halfAnHourInSeconds = 30 * 60;",
    replace: "const halfAnHourInSeconds = 30 * 60 * 1000;",
  },
  {
    name: "bug 3: what was seen has no end in the mended shop, either",
    file: "mended.ts",
    find: "    .expire(seen, 30 * 60)\n",
    replace: "",
  },
  {
    name: "bug 4: the mended cart copies the book",
    file: "mended.ts",
    find: "await client.hIncrBy(cart, book.id, 1);",
    replace: "await client.hSet(cart, book.id, JSON.stringify(book));",
    redis: "server",
  },
  {
    name: "bug 5: each tip of the mended shop has a connection of its own",
    file: "mended.ts",
    find: 'const tip = (await client.get("tip"))',
    replace: 'const tip = (await (await connect("tips")).get("tip"))',
  },
  {
    name: "bug 6: the mended shop searches",
    file: "mended.ts",
    find: 'res.json({ online: await client.zCard("online") });',
    replace: 'res.json({ online: (await client.keys("sess:*")).length });',
    redis: "server",
  },
  {
    name: "the hasty client is as patient as the other",
    file: "hasty.ts",
    find: ", { commandOptions: { timeout: 500 } }",
    replace: "",
  },
  {
    name: "the brittle client connects again",
    file: "brittle.ts",
    find: ", { socket: { reconnectStrategy: false } }",
    replace: "",
  },
  {
    name: "the sturdy shop greets before the session is saved",
    file: "sturdy.ts",
    find: "    if (error) return sayBusy(error, req, res, next);\n",
    replace: "    void [error, next];\n",
  },
  {
    name: "the sturdy shop says nothing about its sessions",
    file: "sturdy.ts",
    find: "sessionsIn(new PromptStore({ client, ttl: 30 * 60 })), sayBusy",
    replace: "sessionsIn(new PromptStore({ client, ttl: 30 * 60 }))",
  },
  {
    name: "the sturdy store waits for ever",
    file: "prompt-store.ts",
    find: "    await super.get(id, inTime(done));",
    replace: "    await super.get(id, done);",
  },
  {
    name: "the shop is ready whatever Redis says",
    file: "sturdy.ts",
    find: 'answer === "PONG" ? 200 : 503',
    replace: "200",
  },
];
