import type { Client } from "./client.ts";
import { RedisError } from "./redis-error.ts";
import { ErrorReply, QUEUED, type Reply } from "./reply.ts";
import type { ResolvedCommand } from "./table.ts";

const LONGEST_NAME_SHOWN = 128;
/** Commands that are carried out, not queued, after MULTI. */
const NEVER_QUEUED = new Set(["exec", "discard", "multi", "watch", "quit", "reset"]);
const ALLOWED_WHILE_SUBSCRIBED = new Set([
  "ping",
  "subscribe",
  "ssubscribe",
  "unsubscribe",
  "sunsubscribe",
  "psubscribe",
  "punsubscribe",
  "quit",
  "reset",
]);

/** Carries out one request of a client and sends its reply; never throws. */
export function dispatch(client: Client, args: readonly Buffer[]): void {
  const { server } = client;
  server.clock.refresh();
  client.lastUsedAtMs = server.clock.nowMs;
  const end = server.tracking.begin(client);
  const reply = answer(client, args);
  if (reply !== undefined) client.reply(reply);
  server.tracking.sendPending(client);
  server.showOwnLine(client);
  advanceReplyMode(client);
  if (client.mayCache) endCaching(client, args);
  server.blocked.serveReady();
  end();
}

function answer(client: Client, args: readonly Buffer[]): Reply | undefined {
  const { server } = client;
  if (isWebRequest(args)) {
    client.closing = true;
    return undefined;
  }
  const found = lookUp(server.table, args);
  if (found instanceof ErrorReply) {
    // EXEC that is itself wrong ends the transaction.
    if (args[0]?.toString("latin1").toLowerCase() === "exec") return abort(client, found);
    return refuse(client, found);
  }
  client.lastCommand = found.name;
  const refused = server.refusal(client, found);
  if (refused) return refuse(client, refused);
  if (
    client.protocol === 2 &&
    client.subscriptions > 0 &&
    !ALLOWED_WHILE_SUBSCRIBED.has(found.name)
  ) {
    return refuse(
      client,
      new ErrorReply(
        `ERR Can't execute '${found.name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      ),
    );
  }
  if (client.transaction && found.flags.has("no_multi")) {
    return refuse(client, new ErrorReply("ERR Command not allowed inside a transaction"));
  }
  if (server.postpone(client, found, args)) return undefined;
  if (client.transaction && !NEVER_QUEUED.has(found.name)) {
    client.transaction.queue.push({ command: found, args });
    return QUEUED;
  }
  return call(client, found, args);
}

/** A browser that was made to talk to Redis: it is sent away, as Redis does. */
function isWebRequest(args: readonly Buffer[]): boolean {
  const name = args[0];
  if (name === undefined || (name.length !== 4 && name.length !== 5)) return false;
  return /^(?:post|host:)$/i.test(name.toString("latin1"));
}

/** Runs a command whose name and arguments have been checked; MONITOR sees it. */
export function call(client: Client, command: ResolvedCommand, args: readonly Buffer[]): Reply {
  const { server } = client;
  server.stats.commands += 1;
  // Scripts are shown before what they call, everything else once it is done: SELECT with its database.
  const isScript = command.flags.has("skip_monitor");
  if (isScript) server.feedMonitors(client, command, args);
  try {
    return run(client, command, args);
  } finally {
    if (!isScript) server.feedMonitors(client, command, args);
  }
}

function run(client: Client, command: ResolvedCommand, args: readonly Buffer[]): Reply {
  try {
    if (!command.handler) throw new Error(`${command.name} has no handler`);
    return command.handler(client.context, args);
  } catch (error) {
    if (error instanceof RedisError) return new ErrorReply(error.message);
    // A mistake of ours must not take the server down.
    const text = error instanceof Error ? error.message : String(error);
    return new ErrorReply(`ERR internal error in '${command.name}': ${text}`);
  } finally {
    // Also after WRONGTYPE: the client knows something of the key.
    client.server.tracking.remember(client, command, args);
  }
}

/** The command that is meant, its number of arguments checked, or the error that Redis has for it. */
export function lookUp(
  table: ReadonlyMap<string, ResolvedCommand>,
  args: readonly Buffer[],
): ResolvedCommand | ErrorReply {
  const name = args[0]?.toString("latin1") ?? "";
  const command = table.get(name) ?? table.get(name.toLowerCase());
  if (!command) return unknownCommand(name, args);
  let found = command;
  if (command.subcommands && args.length > 1) {
    const sub = args[1]?.toString("latin1") ?? "";
    const resolved = command.subcommands.get(sub.toLowerCase());
    if (resolved) found = resolved;
    else {
      const shown = sub.slice(0, LONGEST_NAME_SHOWN);
      return new ErrorReply(
        `ERR unknown subcommand '${shown}'. Try ${command.name.toUpperCase()} HELP.`,
      );
    }
  }
  const { arity } = found.facts;
  if (arity > 0 ? args.length !== arity : args.length < -arity) {
    return new ErrorReply(`ERR wrong number of arguments for '${found.name}' command`);
  }
  return found;
}

function unknownCommand(name: string, args: readonly Buffer[]): ErrorReply {
  let shown = "";
  for (let index = 1; index < args.length && shown.length < LONGEST_NAME_SHOWN; index++) {
    const text = args[index]?.toString("latin1", 0, LONGEST_NAME_SHOWN - shown.length) ?? "";
    // Redis prints them with C's %s: a zero byte ends it.
    const [printed = ""] = text.split("\0", 1);
    shown += `'${printed}' `;
  }
  return new ErrorReply(
    `ERR unknown command '${name.slice(0, LONGEST_NAME_SHOWN)}', with args beginning with: ${shown}`,
  );
}

function abort(client: Client, { text }: ErrorReply): ErrorReply {
  client.transaction = undefined;
  client.server.unwatch(client);
  return new ErrorReply(`EXECABORT Transaction discarded because of: ${text.replace(/^ERR /, "")}`);
}

function refuse(client: Client, error: ErrorReply): ErrorReply {
  if (client.transaction) client.transaction.broken = true;
  return error;
}

/** CLIENT CACHING holds until the next command that is not CLIENT itself, or until EXEC. */
function endCaching(client: Client, args: readonly Buffer[]): void {
  if (client.transaction || client.suspended) return;
  const found = client.server.table.get(args[0]?.toString("latin1").toLowerCase() ?? "");
  const isClient = found?.name === "client";
  const isKnown = found?.subcommands?.has(args[1]?.toString("latin1").toLowerCase() ?? "");
  if (!isClient || isKnown === false) client.mayCache = false;
}

function advanceReplyMode(client: Client): void {
  if (client.replyMode === "skip") client.replyMode = "on";
  else if (client.replyMode === "skip next") client.replyMode = "skip";
}
