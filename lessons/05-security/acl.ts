// A Redis of its own, with a password and a user who may do only what the store does.
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";
import { createClient } from "redis";

const version = spawnSync("redis-server", ["--version"], { encoding: "utf8" });
if (version.status !== 0) {
  console.log("There is no redis-server on this machine, so nothing was tried.");
  process.exit();
}

const admin = { username: "default", password: randomBytes(32).toString("hex") };
const store = { username: "store", password: randomBytes(32).toString("hex") };
const port = await findFreePort();
// The passwords go through standard input: arguments can be read by everybody on the machine.
const server = spawn("redis-server", ["-"], { stdio: ["pipe", "pipe", "inherit"] });
server.stdin.end(
  [
    `port ${port}`,
    "bind 127.0.0.1",
    'save ""',
    // #region acl
    `requirepass ${admin.password}`,
    `user store on >${store.password} resetchannels ~sess:* -@all +get +set +expire +del`,
    // #endregion
  ].join("\n"),
);
process.once("exit", () => server.kill());
for await (const line of createInterface(server.stdout)) {
  if (line.includes("Ready to accept connections")) break;
}

const socket = { host: "127.0.0.1", port, reconnectStrategy: false } as const;
await tell("without a password", "NOAUTH", async () => {
  const stranger = await open({ socket });
  await stranger.get("sess:x").finally(() => stranger.destroy());
});

const client = await open({ socket, ...store });
const sessions = new RedisStore({ client, ttl: 60 });
const blob: SessionData = JSON.parse('{"cookie":{"originalMaxAge":null},"user":"ada"}');
await tell("the store sets", "yes", () => sessions.set("x", blob));
await tell("the store gets", "yes", () => sessions.get("x"));
await tell("the store touches", "yes", () => sessions.touch("x", blob));
await tell("the store destroys", "yes", () => sessions.destroy("x"));
await tell("reads a key of somebody else", "NOPERM", () => client.get("profile:c1"));
await tell("looks for sessions", "NOPERM", () => client.keys("sess:*"));
await tell("empties the database", "NOPERM", () => client.flushAll());
await tell("reads the configuration", "NOPERM", () => client.configGet("*"));
client.destroy();
server.kill();
const number = /v=(\S+)/.exec(version.stdout)?.[1] ?? "of an unknown version";
console.log(`That was redis-server ${number}, on this machine.`);

async function tell(what: string, expected: string, act: () => Promise<unknown>): Promise<void> {
  const result = await act().then(
    () => "yes",
    (error: Error) => error.message.split(" ")[0],
  );
  console.log(`${what} → ${result}`);
  if (result !== expected) process.exitCode = 1;
}

async function open(options: Parameters<typeof createClient>[0]) {
  const each = createClient(options);
  each.on("error", () => {});
  await each.connect();
  return each;
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port: free } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
