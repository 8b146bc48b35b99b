const FENCE = "```";
const block = (info: string, ...lines: string[]) => [FENCE + info, ...lines, FENCE, ""].join("\n");

/** A lesson of two steps, with a session, a question and a key: enough to see a player at work. */
export const TINY_LESSON: Readonly<Record<string, string>> = {
  "README.md": [
    "---",
    "title: A tiny lesson",
    "minutes: 1",
    "redis: any",
    "app: app.mjs",
    "after:",
    "  - count visits",
    "---",
    "",
    "# A tiny lesson",
    "",
    "It counts visits.",
    "",
    "## The first visit",
    "",
    "Ada comes.",
    "",
    block("http as=ada", "GET /"),
    block("http expect", "200 OK", "", "Visit 1"),
    block("saw", "SET sess:$ada.sid … EX 1800 → OK"),
    "## The second",
    "",
    block("ask", "Which visit is it?", "", "- [ ] The first.", "- [x] The second."),
    block("http as=ada", "GET /"),
    block("http expect", "200 OK", "", "Visit 2"),
    block("redis", "> STRLEN sess:$ada.sid", "(integer) 12"),
  ].join("\n"),
  "app.mjs": `import { createServer } from "node:http";
import { createClient } from "redis";
const client = createClient({ url: process.env.REDIS_URL });
client.on("error", () => {});
await client.connect();
const id = "Kx7Wq2Lm9ZtBv4Rj6NpYc1DhGfSa3UeO";
const server = createServer(async (request, response) => {
  const known = request.headers.cookie === undefined ? null : await client.get("sess:" + id);
  const visits = known === null ? 1 : JSON.parse(known).visits + 1;
  await client.set("sess:" + id, JSON.stringify({ visits }), { EX: 1800 });
  if (known === null) response.setHeader("Set-Cookie", "connect.sid=s%3A" + id + ".Qw8Er5; HttpOnly");
  response.setHeader("Content-Type", "text/plain");
  response.end("Visit " + visits);
});
server.listen(Number(process.env.PORT), process.env.HOST);
`,
};

/** Its request hangs until there is a file called `go` in the lesson's folder. */
export const SLOW_LESSON: Readonly<Record<string, string>> = {
  "README.md": [
    "---",
    "title: A slow lesson",
    "minutes: 1",
    "redis: any",
    "app: app.mjs",
    "---",
    "",
    "# A slow lesson",
    "",
    "## The only step",
    "",
    "Ben waits.",
    "",
    block("http as=ben", "GET /"),
    block("http expect", "200 OK", "", "At last"),
    "## The end",
    "",
    "He goes.",
    "",
  ].join("\n"),
  "app.mjs": `import { existsSync } from "node:fs";
import { createServer } from "node:http";
const server = createServer((request, response) => {
  const timer = setInterval(() => {
    if (!existsSync("go")) return;
    clearInterval(timer);
    response.setHeader("Content-Type", "text/plain");
    response.end("At last");
  }, 20);
});
server.listen(Number(process.env.PORT), process.env.HOST);
`,
};
