import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findRedisServers } from "../../../engine/redis/find-redis-server.ts";
import { startRedisServer } from "../../../engine/redis/start-redis-server.ts";
import { hasRedisServer } from "./has-redis-server.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "throwaway-"));
  for (const name of ["TMPDIR", "TEMP", "TMP"]) vi.stubEnv(name, folder);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe.runIf(hasRedisServer)("a throwaway server", () => {
  const [file = ""] = findRedisServers(process.env);

  test("does not load the dump.rdb that somebody left in the temporary folder", async () => {
    const settings = { dbfilename: "dump.rdb" };
    const other = await startRedisServer(file, { settings });
    await other.connection.command("SET", "somebody", "else");
    await other.connection.command("SAVE");
    await other.stop();
    expect(existsSync(path.join(folder, "dump.rdb"))).toBe(true);

    const ours = await startRedisServer(file);
    expect(await ours.connection.command("DBSIZE")).toBe(0);
    await ours.stop();
  });

  test("leaves no snapshot behind, whatever a program made it save", async () => {
    const server = await startRedisServer(file);
    await server.connection.command("SET", "key", "value");
    expect(await server.connection.command("SAVE")).toBe("OK");
    await server.stop();
    expect(readdirSync(folder)).toEqual([]);
  });
});
