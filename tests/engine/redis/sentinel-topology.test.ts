import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createClient, createSentinel } from "redis";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { findRedisServers } from "../../../engine/redis/find-redis-server.ts";
import { provideTopology } from "../../../engine/redis/provide-topology.ts";
import { ServerUnusable } from "../../../engine/redis/start-redis-server.ts";
import {
  type SentinelTopology,
  startSentinelTopology,
} from "../../../engine/redis/start-sentinel-topology.ts";

const [server] = findRedisServers(process.env);

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function listenOn(port: number): Promise<Server> {
  const listener = createServer().listen(port, "127.0.0.1");
  await once(listener, "listening");
  return listener;
}

function portsOf(topology: SentinelTopology): number[] {
  return topology.running.map((name) => Number(new URL(topology.urlOf(name)).port));
}

describe.skipIf(server === undefined)("a topology", () => {
  test("fails over; a write that no replica had is lost", { timeout: 120_000 }, async () => {
    const topology = await startSentinelTopology(server ?? "");
    const ports = portsOf(topology);
    try {
      expect(topology.running).toHaveLength(6);
      expect(await topology.primary()).toBe("redis1");
      await topology.command("primary", "SET", "kept", "1");
      expect(await topology.act("lag", "replicas")).toBe(
        "what redis1 writes no longer reaches its replicas",
      );
      await topology.command("primary", "SET", "lost", "1");
      expect(await topology.command("primary", "WAIT", "1", "50")).toBe(0);

      const [port = 0] = ports;
      await topology.act("kill", "primary");
      expect(topology.running).not.toContain("redis1");
      // As it may be with any port that is free for a moment.
      await using stranger = await listenOn(port);
      const what = await topology.act("wait", "failover");
      const second = await topology.primary();
      expect(what).toContain(`${second} is the primary now`);
      expect(["redis2", "redis3"]).toContain(second);
      expect(await topology.command("primary", "MGET", "kept", "lost")).toEqual(["1", null]);

      expect(await topology.act("start", "redis1")).toBe(
        `redis1 runs again, as a replica of ${second}`,
      );
      expect(stranger.address()).toMatchObject({ port });
      expect(portsOf(topology)).not.toContain(port);
      expect(await topology.command("redis1", "GET", "kept")).toBe("1");
    } finally {
      await topology[Symbol.asyncDispose]();
    }
    expect(await Promise.all(ports.map(answers))).toEqual(ports.map(() => false));
  });

  test("shows what programs send, and not what sentinels and replicas do", async () => {
    const topology = await startSentinelTopology(server ?? "");
    try {
      const seen: string[] = [];
      for (const { name, gate } of topology.gates) {
        gate.onCommand(({ handshake, args }) => {
          if (!handshake) seen.push(`${name} ${args.join(" ")}`);
        });
      }
      const sentinelRootNodes = topology.sentinelPorts.map((port) => ({ host: "127.0.0.1", port }));
      const sentinels = createSentinel({ name: topology.service, sentinelRootNodes });
      sentinels.on("error", () => {});
      await sentinels.connect();
      await sentinels.set("a", "1");
      await sentinels.close();
      const replica = createClient({ url: `redis://127.0.0.1:${topology.portOf("redis2")}` });
      replica.on("error", () => {});
      await replica.connect();
      await expect(replica.set("a", "2")).rejects.toThrow("READONLY");
      await replica.close();

      expect(seen).toEqual(["redis1 SET a 1", "redis2 SET a 2"]);
    } finally {
      await topology[Symbol.asyncDispose]();
    }
  });

  test("is gone when its parent was killed", { timeout: 60_000 }, async () => {
    const program = fileURLToPath(new URL("./programs/hold-topology.ts", import.meta.url));
    const child = spawn(process.execPath, ["--import", "tsx", program, server ?? ""], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const ports = JSON.parse(line) as number[];
    expect(await Promise.all(ports.map(answers))).toEqual(ports.map(() => true));

    child.kill("SIGKILL");

    const gone = await waitUntil(
      async () => !(await Promise.all(ports.map(answers))).includes(true),
      20_000,
    );
    expect(gone).toBe(true);
  });
});

test("a program that is no redis-server is of no use", async () => {
  await expect(startSentinelTopology(process.execPath)).rejects.toThrow(ServerUnusable);
});

test("says why there is none", async () => {
  expect(await provideTopology({ PATH: "" })).toEqual({
    notes: ["No redis-server is on your PATH."],
  });
  expect(await provideTopology({ PATH: process.env["PATH"], WORKBOOK_REDIS: "embedded" })).toEqual({
    notes: ["WORKBOOK_REDIS asks for the embedded Redis."],
  });
});
