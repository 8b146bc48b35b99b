import type { Client } from "../client.ts";
import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseLong, readLong } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, ErrorReply, NO_REPLY, OK, type Reply, VerbatimReply } from "../reply.ts";
import { checkClientName } from "./connection.ts";

/** CLIENT and its subcommands. */
export const clientCommands: Command[] = [
  { name: "client|id", handler: ({ client }) => client.id },
  {
    name: "client|getname",
    handler: ({ client }) => (client.name === "" ? null : bulk(client.name)),
  },
  {
    name: "client|setname",
    handler: ({ client }, args) => {
      client.name = checkClientName(argument(args, 2));
      return OK;
    },
  },
  {
    name: "client|info",
    handler: ({ client }) => new VerbatimReply(bulk(`${describe(client)}\n`)),
  },
  { name: "client|list", handler: list },
  { name: "client|kill", handler: kill },
  { name: "client|reply", handler: setReplyMode },
  { name: "client|no-evict", handler: setNoEvict },
  { name: "client|unblock", handler: unblock },
  { name: "client|pause", handler: pause },
  {
    name: "client|unpause",
    handler: ({ server }) => {
      server.unpause();
      return OK;
    },
  },
];

function describe(client: Client): string {
  const { server, transaction, connection } = client;
  const seconds = (sinceMs: number): number =>
    Math.max(0, Math.floor((server.clock.nowMs - sinceMs) / 1000));
  return Object.entries({
    id: client.id,
    addr: connection.remoteAddress,
    laddr: connection.localAddress,
    fd: client.id + 5,
    name: client.name,
    age: seconds(client.createdAtMs),
    idle: seconds(client.lastUsedAtMs),
    flags: flagsOf(client),
    db: client.database,
    sub: client.channels.size,
    psub: client.patterns.size,
    ssub: client.shardChannels.size,
    multi: transaction ? transaction.queue.length : -1,
    qbuf: 0,
    "qbuf-free": 0,
    "argv-mem": 0,
    "multi-mem": 0,
    rbs: 0,
    rbp: 0,
    obl: client.output.length,
    oll: 0,
    omem: 0,
    "tot-mem": 0,
    events: "r",
    cmd: client.lastCommand,
    user: "default",
    redir: client.tracking?.redirect ?? -1,
    resp: client.protocol,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function flagsOf(client: Client): string {
  const flags = [
    client.monitors ? "O" : "",
    client.subscriptions > 0 ? "P" : "",
    client.transaction ? "x" : "",
    client.blocked ? "b" : "",
    client.tracking ? "t" : "",
    client.tracking?.redirectIsBroken ? "R" : "",
    client.tracking?.broadcasts ? "B" : "",
    client.spoiled ? "d" : "",
    client.closing ? "c" : "",
    client.noEvict ? "e" : "",
  ].join("");
  return flags === "" ? "N" : flags;
}

function list({ server }: CommandContext, args: readonly Buffer[]): Reply {
  let chosen = [...server.clients];
  if (args.length === 4 && isWord(args[2], "type")) {
    const type = clientType(argument(args, 3));
    chosen = chosen.filter((client) => typeOf(client) === type);
  } else if (args.length > 3 && isWord(args[2], "id")) {
    const ids = args.slice(3).map((id) => parseLong(id, "ERR Invalid client ID"));
    chosen = chosen.filter((client) => ids.includes(BigInt(client.id)));
  } else if (args.length !== 2) throw syntaxError();
  return new VerbatimReply(bulk(chosen.map((client) => `${describe(client)}\n`).join("")));
}

function clientType(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  const type = text.toLowerCase();
  if (type === "slave") return "replica";
  if (["normal", "master", "replica", "pubsub"].includes(type)) return type;
  throw new RedisError(`ERR Unknown client type '${text}'`);
}

function typeOf(client: Client): string {
  return client.subscriptions > 0 ? "pubsub" : "normal";
}

function kill({ client, server }: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length === 3) {
    const address = key(args, 2);
    const found = [...server.clients].find((each) => each.connection.remoteAddress === address);
    if (!found) throw new RedisError("ERR No such client");
    server.killClient(found, client);
    return OK;
  }
  const { filters, skipMe } = readKillFilters(args);
  const found = [...server.clients].filter((each) => filters.every((filter) => filter(each)));
  const killed = found.filter((each) => !(skipMe && each === client));
  for (const each of killed) server.killClient(each, client);
  return killed.length;
}

function readKillFilters(args: readonly Buffer[]): {
  filters: ((client: Client) => boolean)[];
  skipMe: boolean;
} {
  const filters: ((client: Client) => boolean)[] = [];
  let skipMe = true;
  for (let at = 2; at < args.length; at += 2) {
    const word = key(args, at).toLowerCase();
    const value = args[at + 1];
    if (!value) throw syntaxError();
    const text = value.toString("latin1");
    if (word === "id") {
      const id = readLong(value);
      if (id === undefined || id < 1n) {
        throw new RedisError("ERR client-id should be greater than 0");
      }
      filters.push((client) => BigInt(client.id) === id);
    } else if (word === "addr") filters.push((client) => client.connection.remoteAddress === text);
    else if (word === "laddr") filters.push((client) => client.connection.localAddress === text);
    else if (word === "type") {
      const type = clientType(value);
      filters.push((client) => typeOf(client) === type);
    } else if (word === "user") {
      if (text !== "default") throw new RedisError(`ERR No such user '${text}'`);
    } else if (word === "skipme" && isWord(value, "yes")) skipMe = true;
    else if (word === "skipme" && isWord(value, "no")) skipMe = false;
    else throw syntaxError();
  }
  return { filters, skipMe };
}

function setReplyMode({ client }: CommandContext, args: readonly Buffer[]): Reply {
  const word = key(args, 2).toLowerCase();
  if (word === "on") {
    client.replyMode = "on";
    return OK;
  }
  if (word === "off") client.replyMode = "off";
  else if (word === "skip") {
    if (client.replyMode !== "off") client.replyMode = "skip next";
  } else throw syntaxError();
  return NO_REPLY;
}

function setNoEvict({ client }: CommandContext, args: readonly Buffer[]): Reply {
  const word = key(args, 2).toLowerCase();
  if (word !== "on" && word !== "off") throw syntaxError();
  client.noEvict = word === "on";
  return OK;
}

function unblock({ server }: CommandContext, args: readonly Buffer[]): Reply {
  const how = args[3] ? key(args, 3).toLowerCase() : "timeout";
  if (args.length > 4 || (how !== "timeout" && how !== "error")) {
    throw new RedisError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  const id = parseLong(argument(args, 2));
  const found = [...server.clients].find((client) => BigInt(client.id) === id);
  if (!found?.blocked) return 0;
  const reply =
    how === "error"
      ? new ErrorReply("UNBLOCKED client unblocked via CLIENT UNBLOCK")
      : found.blocked.onTimeout;
  return server.blocked.end(found, reply) ? 1 : 0;
}

function pause({ server }: CommandContext, args: readonly Buffer[]): Reply {
  const mode = args[3] ? key(args, 3).toLowerCase() : "all";
  if (mode !== "all" && mode !== "write") {
    throw new RedisError("ERR CLIENT PAUSE mode must be WRITE or ALL");
  }
  const ms = readLong(argument(args, 2));
  if (ms === undefined) throw new RedisError("ERR timeout is not an integer or out of range");
  if (ms < 0n) throw new RedisError("ERR timeout is negative");
  server.pause(Number(ms), mode);
  return OK;
}
