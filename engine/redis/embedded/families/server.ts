import { argument, type Command } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { describeServer } from "../describe-server.ts";
import { isWord, parseLong } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, NO_REPLY, OK, type Reply, VerbatimReply } from "../reply.ts";

/** The server as a whole. */
export const serverCommands: Command[] = [
  { name: "dbsize", handler: (context) => context.db.size },
  {
    name: "flushdb",
    handler: (context, args) => {
      checkFlush(args);
      context.server.flush(context.db);
      return OK;
    },
  },
  {
    name: "flushall",
    handler: (context, args) => {
      checkFlush(args);
      context.server.flush(...context.server.databases);
      return OK;
    },
  },
  { name: "swapdb", handler: swap },
  {
    name: "time",
    handler: ({ server }) => {
      const us = server.clock.nowUs;
      return [bulk(String(Math.floor(us / 1e6))), bulk(String(us % 1e6))];
    },
  },
  {
    name: "info",
    handler: ({ server }, args) =>
      new VerbatimReply(
        bulk(
          describeServer(
            server,
            args.slice(1).map((word) => word.toString("latin1").toLowerCase()),
          ),
        ),
      ),
  },
  { name: "role", handler: () => [bulk("master"), 0, []] },
  {
    name: "wait",
    handler: (_context, args) => {
      parseLong(argument(args, 1));
      const ms = parseLong(argument(args, 2), "ERR timeout is not an integer or out of range");
      if (ms < 0n) throw new RedisError("ERR timeout is negative");
      return 0;
    },
  },
  {
    name: "monitor",
    handler: ({ client, server }) => {
      client.monitors = true;
      server.monitors.add(client);
      return OK;
    },
  },
  {
    name: "shutdown",
    handler: ({ server }, args) => {
      const words = args.slice(1).map((word) => word.toString("latin1").toLowerCase());
      const isKnown = words.every((word) =>
        ["save", "nosave", "now", "force", "abort"].includes(word),
      );
      const aborts = words.includes("abort");
      if (!isKnown || (aborts && words.length > 1)) throw syntaxError();
      if (words.includes("save") && words.includes("nosave")) throw syntaxError();
      if (aborts) throw new RedisError("ERR No shutdown in progress.");
      server.shutDown();
      return NO_REPLY;
    },
  },
  {
    name: "config|get",
    handler: ({ server }, args) => server.config.get(args.slice(2)),
  },
  {
    name: "config|set",
    handler: ({ server }, args) => server.config.set(args.slice(2)),
  },
  {
    name: "config|rewrite",
    handler: () => {
      throw new RedisError("ERR The server is running without a config file");
    },
  },
  { name: "acl|whoami", handler: () => bulk("default") },
  {
    name: "config|resetstat",
    handler: ({ server }) => {
      server.resetStats();
      return OK;
    },
  },
];

function checkFlush(args: readonly Buffer[]): void {
  if (args.length === 1) return;
  if (args.length > 2 || !(isWord(args[1], "async") || isWord(args[1], "sync"))) {
    throw syntaxError();
  }
}

function swap({ server }: CommandContext, args: readonly Buffer[]): Reply {
  const first = Number(parseLong(argument(args, 1), "ERR invalid first DB index"));
  const second = Number(parseLong(argument(args, 2), "ERR invalid second DB index"));
  const [a, b] = [server.databases[first], server.databases[second]];
  if (!a || !b) throw new RedisError("ERR DB index is out of range");
  server.swap(a, b);
  return OK;
}
