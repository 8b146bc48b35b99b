import { argument, type Command, type CommandHandler, keep } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, OK, type Reply } from "../reply.ts";

/** Lua scripts. */
export const scriptingCommands: Command[] = [
  { name: "eval", handler: evaluate("body", false) },
  { name: "eval_ro", handler: evaluate("body", true) },
  { name: "evalsha", handler: evaluate("sha", false) },
  { name: "evalsha_ro", handler: evaluate("sha", true) },
  {
    name: "script|load",
    handler: ({ server }, args) => bulk(server.scripting.add(keep(argument(args, 2)))),
  },
  {
    name: "script|exists",
    handler: ({ server }, args) => server.scripting.exists(args.slice(2)),
  },
  { name: "script|flush", handler: flush },
  { name: "script|kill", handler: ({ server }) => server.scripting.kill() },
];

function evaluate(by: "body" | "sha", readOnly: boolean): CommandHandler {
  return (context, args) => {
    const { server, client } = context;
    const count = parseInteger(argument(args, 2));
    if (count > args.length - 3) {
      throw new RedisError("ERR Number of keys can't be greater than number of args");
    }
    if (count < 0) throw new RedisError("ERR Number of keys can't be negative");
    const script = argument(args, 1);
    const sha =
      by === "body" ? server.scripting.add(keep(script)) : script.toString("latin1").toLowerCase();
    return server.scripting.run(
      client,
      sha,
      args.slice(3, 3 + count),
      args.slice(3 + count),
      readOnly,
    );
  };
}

function flush({ server }: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 3 || (args[2] && !isWord(args[2], "sync") && !isWord(args[2], "async"))) {
    throw new RedisError("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
  }
  server.scripting.flush();
  return OK;
}
