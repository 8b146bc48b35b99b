import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LoggedCommand, startGate } from "../../../../../engine/redis/gate.ts";
import type { RedisValue, StartedRedis } from "../../../../../engine/redis/provide-redis.ts";

const RUNTIME = path.join(import.meta.dirname, "runtime.cjs");
const DEADLINE_MS = 60_000;
/** Redis answers these in an order that it promises nobody. */
const UNORDERED = /^(?:HGETALL|HKEYS|HVALS|SMEMBERS|SUNION|SINTER|SDIFF|KEYS)$/;
/** Its pages are as long as Redis likes. */
const PAGED = /SCAN$/;
/** What clients send for each page. */
const OF_A_PAGE = /^(?:MGET|DEL|GET)$/;

/** What came of a program on one Redis. */
export interface Outcome {
  /** Values and rejections, in the order of the program's text. */
  readonly told: readonly string[];
  /** Commands with their replies, connection by connection; without SCAN and what is done with its pages. */
  readonly traffic: readonly string[];
  /** What it died of. */
  readonly failure: string | undefined;
  /** Commands that this Redis does not know. */
  readonly unknown: readonly string[];
}

/** Runs a program beside the fetched packages; its Redis is empty when it begins. */
export async function runOn(
  redis: StartedRedis,
  options: { folder: string; file: string; connects?: boolean; args?: readonly string[] },
): Promise<Outcome> {
  await redis.command("FLUSHALL");
  await redis.command("SCRIPT", "FLUSH");
  await using gate = await startGate({ redis, refuse: false });
  const toldFile = path.join(options.folder, "told.json");
  writeFileSync(toldFile, JSON.stringify({ told: [], failure: "ended without a word" }));
  const flags = ["--no-warnings", "--require", RUNTIME, options.file, ...(options.args ?? [])];
  const environment = {
    ...process.env,
    NODE_OPTIONS: "",
    PARITY_PORT: String(gate.port),
    PARITY_TOLD: toldFile,
    PARITY_CONNECT: options.connects === true ? "yes" : "",
  };
  await new Promise<void>((resolve) => {
    const at = { cwd: options.folder, env: environment, timeout: DEADLINE_MS };
    // What it says on its streams is its own business; how it ended is in the file.
    execFile(process.execPath, flags, at, () => resolve());
  });
  const { told, failure } = JSON.parse(readFileSync(toldFile, "utf8")) as {
    told: [label: string | number, text: string][];
    failure?: string;
  };
  rmSync(toldFile);
  const connections = new Map<number, LoggedCommand[]>();
  for (const command of gate.log) {
    if (command.handshake) continue;
    const commands = connections.get(command.connection) ?? [];
    connections.set(command.connection, [...commands, command]);
  }
  return {
    told: inOrder(told).map(([label, text]) => `${label}: ${even(text)}`),
    traffic: inOrderOfWhatIsSent([...connections.values()].map(withoutPages)).flatMap((commands) =>
      commands.map(showCommand),
    ),
    failure: failure === undefined ? undefined : even(failure),
    unknown: gate.log
      .filter(({ error }) => /^ERR unknown (?:sub)?command/.test(error ?? ""))
      .map(({ name }) => name),
  };
}

/** Numbered ones by number: promises that run together end in any order. */
function inOrder(told: readonly [label: string | number, text: string][]) {
  return told.toSorted(([one], [other]) =>
    typeof one === "number" && typeof other === "number" ? one - other : 0,
  );
}

function withoutPages(commands: readonly LoggedCommand[]): LoggedCommand[] {
  let isPage = false;
  return commands.filter(({ name }) => {
    if (PAGED.test(name)) isPage = true;
    else if (!OF_A_PAGE.test(name)) isPage = false;
    return !isPage;
  });
}

/** Connections that are opened together are accepted in any order. */
function inOrderOfWhatIsSent(connections: readonly LoggedCommand[][]): LoggedCommand[][] {
  return connections
    .map((commands) => ({ commands, sent: commands.map(({ args }) => args.join(" ")).join("\n") }))
    .toSorted((one, other) => (one.sent < other.sent ? -1 : Number(one.sent > other.sent)))
    .map(({ commands }) => commands);
}

function showCommand(command: LoggedCommand): string {
  const reply = command.error ?? showReply(command.reply, UNORDERED.test(command.name));
  return even(`${command.args.join(" ")} → ${reply}`);
}

function showReply(reply: RedisValue | undefined, unordered: boolean): string {
  if (reply instanceof Map) {
    return showReply(
      [...reply].map((pair) => pair as RedisValue[]),
      unordered,
    );
  }
  if (!Array.isArray(reply)) return String(reply);
  const items = reply.map((item) => showReply(item, unordered));
  return `[${(unordered ? items.toSorted() : items).join(", ")}]`;
}

/** Times become `about … ms`, which are compared loosely; dates and random IDs are left out. */
function even(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<date>")
    .replaceAll(/(?<![\w-])[\w-]{32}(?![\w-])/g, "<id>")
    .replaceAll(/(msBeforeNext: )(\d+)/g, "$1about $2 ms")
    .replaceAll(/(?<!about )\b\d{3,15}\b/g, (digits) =>
      Number(digits) < 500 ? digits : `about ${digits} ms`,
    );
}
