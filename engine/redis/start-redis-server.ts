import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { atExit } from "../process/at-exit.ts";
import { type CollectedOutput, collectOutput } from "../process/collect-output.ts";
import { waitUntil } from "../process/deadline.ts";
import { findFreePort } from "../process/find-free-port.ts";
import { startServerGuard } from "./guard-server.ts";
import { RedisConnection } from "./resp/redis-connection.ts";
import { isRecentEnough, readServerFacts } from "./read-server-facts.ts";

const STARTUP_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5000;
/** A child of a server that has ended may keep its output open. */
const OUTPUT_DEADLINE_MS = 1000;
const TRIES = 5;
const SNAPSHOT = "workbook-";

/** A throwaway server of this run. */
export interface StartedRedisServer {
  readonly port: number;
  readonly version: string;
  readonly pid: number;
  readonly connection: RedisConnection;
  stop(): Promise<void>;
}

/** A server that is no use to us; the message says why, in half a sentence after its name. */
export class ServerUnusable extends Error {}

/** How else to start it. */
export interface ServerOptions {
  /** Instead of a free one. Taken: ServerUnusable. */
  readonly port?: number;
  /** Settings beside or instead of those of a throwaway server, or the whole command line for a port. */
  readonly settings?:
    | Readonly<Record<string, string>>
    | ((port: number) => readonly string[] | Promise<string[]>);
}

/**
 * Starts the program as a private server on a free loopback port, without persistence or files.
 * @throws ServerUnusable when it is older than 7.0, ends, or does not answer
 */
export async function startRedisServer(
  file: string,
  { port, settings = {} }: ServerOptions = {},
): Promise<StartedRedisServer> {
  const commandLine = async (on: number) =>
    typeof settings === "function" ? await settings(on) : throwaway(on, settings);
  for (let tries = 1; ; tries += 1) {
    const on = port ?? (await findFreePort());
    const outcome = await tryPort(file, on, await commandLine(on));
    if (outcome !== "port-taken") return outcome;
    if (port !== undefined) throw new ServerUnusable(`found its port ${port} taken`);
    if (tries >= TRIES) throw new ServerUnusable("found no free port");
  }
}

function throwaway(port: number, more: Readonly<Record<string, string>>): string[] {
  const settings = {
    port,
    bind: "127.0.0.1",
    save: "",
    appendonly: "no",
    // The current folder may be one that cannot be read.
    dir: tmpdir(),
    // A server loads the file of this name when it starts, and a dump.rdb of somebody may lie there.
    dbfilename: `${SNAPSHOT}${randomUUID()}.rdb`,
    // What a replica was sent to begin with.
    "rdb-del-sync-files": "yes",
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function tryPort(
  file: string,
  port: number,
  args: readonly string[],
): Promise<StartedRedisServer | "port-taken"> {
  const guard = startServerGuard();
  let child: ReturnType<typeof spawnServer>;
  try {
    child = spawnServer(file, args);
  } catch (error) {
    // Most failures come as an event; a file of another system is one that is thrown.
    guard.dismiss();
    throw new ServerUnusable(`does not start (${error instanceof Error ? error.message : ""})`);
  }
  let over: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      guard.dismiss();
      over ??= `ended at once (${signal ?? `exit code ${code}`})`;
      resolve();
    });
    child.once("error", (error) => {
      over ??= `does not start (${error.message})`;
      if (child.pid === undefined) resolve();
    });
  });
  // What it printed last may be read after its end is known.
  let allRead = false;
  child.once("close", () => {
    allRead = true;
  });
  if (child.pid !== undefined) guard.watch(child.pid);
  const output = [child.stdout, child.stderr].map((each) => collectOutput(each, 8192, undefined));
  const endNow = () => void child.kill("SIGKILL");
  const forget = atExit({ endNow });
  const stop = async () => {
    connection?.close();
    endNow();
    await waitUntil(() => over !== undefined, STOP_DEADLINE_MS);
    await ended;
    guard.dismiss();
    forget();
    removeSnapshot(args);
  };

  let connection: RedisConnection | undefined;
  try {
    await waitUntil(async () => {
      connection = over === undefined ? await openIfReady(port) : undefined;
      return over !== undefined || connection !== undefined;
    }, STARTUP_DEADLINE_MS);
    if (over !== undefined) {
      await waitUntil(() => allRead, OUTPUT_DEADLINE_MS);
      if (hasLostPort(output)) {
        await stop();
        return "port-taken";
      }
      throw new ServerUnusable(over + lastLine(output));
    }
    if (connection === undefined || child.pid === undefined) {
      throw new ServerUnusable(`did not answer within ${STARTUP_DEADLINE_MS / 1000} s`);
    }
    await connection.command("HELLO", "3").catch(() => {}); // before 6.0 there is no HELLO
    const { version, pid } = await readServerFacts(connection);
    if (pid !== undefined && pid !== child.pid) {
      // Another run's server took the port in the meantime, and answered for ours.
      await stop();
      return "port-taken";
    }
    if (!isRecentEnough(version)) {
      throw new ServerUnusable(`is version ${version}, and 7.0 or later is needed`);
    }
    return { port, version, pid: child.pid, connection, stop };
  } catch (error) {
    await stop();
    if (error instanceof ServerUnusable) throw error;
    throw new ServerUnusable(`failed (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** A program may have sent SAVE. */
function removeSnapshot(args: readonly string[]): void {
  const name = args.find((arg) => arg.startsWith(SNAPSHOT));
  if (name !== undefined) rmSync(path.join(tmpdir(), name), { force: true });
}

function spawnServer(file: string, args: readonly string[]) {
  return spawn(file, args, {
    // A group of its own: Ctrl-C must not end it before the programs that use it.
    detached: process.platform !== "win32",
    windowsHide: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function openIfReady(port: number): Promise<RedisConnection | undefined> {
  let connection: RedisConnection | undefined;
  try {
    connection = await RedisConnection.open({ host: "127.0.0.1", port });
    if ((await connection.command("PING")) === "PONG") return connection;
  } catch {
    // not yet
  }
  connection?.close();
  return undefined;
}

function hasLostPort(output: readonly CollectedOutput[]): boolean {
  return output.some((each) => /address already in use/i.test(each.text()));
}

function lastLine(output: readonly CollectedOutput[]): string {
  const lines = output.flatMap((each) => each.text().split("\n"));
  const said = lines.map((line) => line.trim()).findLast((line) => line !== "");
  return said === undefined ? "" : `: ${said.slice(0, 200)}`;
}
