import type { Client } from "../client.ts";
import { argument, type Command } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { parseLong, readLong } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, MapReply, OK, type Reply, SimpleString } from "../reply.ts";
import { VERSION } from "../version.ts";

/** The connection itself. */
export const connectionCommands: Command[] = [
  { name: "ping", handler: ping },
  { name: "echo", handler: (_context, args) => argument(args, 1) },
  { name: "select", handler: select },
  { name: "auth", handler: authenticate },
  { name: "hello", handler: hello },
  { name: "reset", handler: reset },
  {
    name: "quit",
    handler: ({ client }) => {
      client.closing = true;
      return OK;
    },
  },
];

function ping({ client }: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 2) throw new RedisError("ERR wrong number of arguments for 'ping' command");
  if (client.protocol === 2 && client.subscriptions > 0) {
    return [bulk("pong"), args[1] ?? bulk("")];
  }
  return args[1] ?? new SimpleString("PONG");
}

function select({ client, server }: CommandContext, args: readonly Buffer[]): Reply {
  const index = Number(parseLong(argument(args, 1)));
  if (!server.databases[index]) throw new RedisError("ERR DB index is out of range");
  client.database = index;
  return OK;
}

const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";

/** There is one user, `default`, without a password: any will do for it. */
function authenticate(_context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 3) throw new RedisError("ERR syntax error");
  if (args.length === 2) {
    throw new RedisError(
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
    );
  }
  if (argument(args, 1).toString("latin1") !== "default") throw new RedisError(WRONG_PASSWORD);
  return OK;
}

function hello(context: CommandContext, args: readonly Buffer[]): Reply {
  const { client } = context;
  const version = readVersion(args[1]);
  let name: string | undefined;
  let user: string | undefined;
  for (let at = 2; at < args.length; at++) {
    const text = argument(args, at).toString("latin1");
    const more = args.length - 1 - at;
    if (text.toLowerCase() === "auth" && more >= 2) {
      user = argument(args, at + 1).toString("latin1");
      at += 2;
    } else if (text.toLowerCase() === "setname" && more >= 1) {
      name = checkClientName(argument(args, at + 1));
      at += 1;
    } else throw new RedisError(`ERR Syntax error in HELLO option '${text}'`);
  }
  if (user !== undefined && user !== "default") throw new RedisError(WRONG_PASSWORD);
  if (name !== undefined) client.name = name;
  if (version !== undefined) client.protocol = version;
  return new MapReply([
    [bulk("server"), bulk("redis")],
    [bulk("version"), bulk(VERSION)],
    [bulk("proto"), client.protocol],
    [bulk("id"), client.id],
    [bulk("mode"), bulk("standalone")],
    [bulk("role"), bulk("master")],
    [bulk("modules"), []],
  ]);
}

function readVersion(bytes: Buffer | undefined): 2 | 3 | undefined {
  if (!bytes) return undefined;
  const version = readLong(bytes);
  if (version === undefined) {
    throw new RedisError("ERR Protocol version is not an integer or out of range");
  }
  if (version === 2n) return 2;
  if (version === 3n) return 3;
  throw new RedisError("NOPROTO unsupported protocol version");
}

/**
 * The name of a client, if it has only printable characters and no blanks.
 * @throws RedisError
 */
export function checkClientName(bytes: Buffer): string {
  const name = bytes.toString("latin1");
  if (/^[!-~]*$/.test(name)) return name;
  throw new RedisError("ERR Client names cannot contain spaces, newlines or special characters.");
}

function reset({ client, server }: CommandContext): Reply {
  forget(client);
  server.pubsub.remove(client);
  server.tracking.stop(client);
  server.unwatch(client);
  return new SimpleString("RESET");
}

function forget(client: Client): void {
  client.transaction = undefined;
  client.database = 0;
  client.protocol = 2;
  client.name = "";
  client.replyMode = "on";
  client.monitors = false;
  client.noEvict = false;
  client.server.monitors.delete(client);
}
