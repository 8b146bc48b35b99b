const FENCE = "```";
const block = (info: string, ...lines: string[]) => [FENCE + info, ...lines, FENCE, ""].join("\n");

/** A lesson of two steps, with a request, a question and a key: enough to see a player at work. */
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
    block("saw", "INCR visits → (integer) 1"),
    "## The second",
    "",
    block("ask", "Which visit is it?", "", "- [ ] The first.", "- [x] The second."),
    block("http as=ada", "GET /"),
    block("http expect", "200 OK", "", "Visit 2"),
    block("redis", "> GET visits", '"2"'),
  ].join("\n"),
  "app.mjs": `import { createServer } from "node:http";
import { createClient } from "redis";
const client = createClient({ url: process.env.REDIS_URL });
client.on("error", () => {});
await client.connect();
const server = createServer(async (request, response) => {
  response.setHeader("Content-Type", "text/plain");
  response.end("Visit " + (await client.incr("visits")));
});
server.listen(Number(process.env.PORT), process.env.HOST);
`,
};
