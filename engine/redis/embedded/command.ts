// How a family of commands is written
// -----------------------------------
// `families/<family>.ts` exports an array of commands; `table.ts` collects them. See
// families/strings.ts. A command is a name and a handler: arity, flags, keys, group and all that
// COMMAND answers come from command-facts.json, which was taken from a Redis 7.0.15, so a handler
// is never called with a wrong number of arguments. A subcommand is named `xgroup|create`.
//
//     export const hashCommands: Command[] = [
//       { name: "hlen", handler: (context, args) => context.read(key(args, 1), HashValue)?.size ?? 0 },
//     ];
//
// - `args[0]` is the command's name (and `args[1]` the subcommand's), as in Redis' own code.
//   `argument(args, n)` answers one that must be there (arity saw to it).
// - Keys are latin1 strings (`key(args, n)`). Arguments are slices of the network's buffer: store
//   `keep(argument)` (a copy) or a latin1 string, never the argument itself.
// - Read with `context.read(key, SomeValue)`: undefined if missing or expired, WRONGTYPE thrown.
//   Write with `context.readOrCreate(key, SomeValue)` (an empty value is put in place at once, so check all other arguments
//   before you call it), or `context.set(key, value)` (replaces, takes away a TTL).
// - After each change call `context.changed(key, class, event)`: it wakes blocked clients, spoils
//   WATCHes and sends the keyspace notification (class letter as in Redis: `$` string, `h` hash,
//   `l` list, `s` set, `z` sorted set, `t` stream, `g` generic). A collection that has become empty:
//   `context.delete(key)` and `context.changed(key, "g", "del")`.
// - Errors are thrown: `throw new RedisError("ERR …")`, or syntaxError(), wrongType() …
//   Nothing may have been changed before. parse-arguments.ts reads numbers with Redis' error texts.
// - Replies: see reply.ts. Where RESP2 and RESP3 differ in more than the kind, ask `context.protocol`.
// - Time: `context.nowMs` only (never Date.now()).
// - Blocking: `return context.block({ keys, timeoutMs, attempt, onTimeout })`. First try at once
//   yourself. `attempt(key)` runs again, in the order in which clients blocked, whenever one of the keys has
//   been written; it answers undefined to go on waiting. Where `context.mayBlock` is false
//   (MULTI, scripts) answer what the timeout would answer. `context.parseTimeout(argument)` reads it.
import type { CommandContext } from "./command-context.ts";
import type { Reply } from "./reply.ts";

export type CommandHandler = (context: CommandContext, args: readonly Buffer[]) => Reply;

export interface Command {
  /** In lower case; `container|subcommand` for a subcommand. */
  readonly name: string;
  readonly handler: CommandHandler;
}

/** The argument at a place that the arity guarantees. */
export function argument(args: readonly Buffer[], index: number): Buffer {
  const found = args[index];
  if (!found) throw new Error(`argument ${index} is missing`);
  return found;
}

/** The argument as a key: a latin1 string. */
export function key(args: readonly Buffer[], index: number): string {
  return argument(args, index).toString("latin1");
}

/** A copy that may be stored. */
export function keep(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
