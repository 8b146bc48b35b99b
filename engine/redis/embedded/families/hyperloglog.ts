import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { estimateCount } from "../hyperloglog/estimate-count.ts";
import { HyperLogLog } from "../hyperloglog/hyperloglog.ts";
import { REGISTERS } from "../hyperloglog/registers.ts";
import { RedisError } from "../redis-error.ts";
import { OK, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

/** HyperLogLogs, which Redis keeps in strings. */
export const hyperLogLogCommands: Command[] = [
  { name: "pfadd", handler: add },
  { name: "pfcount", handler: count },
  { name: "pfmerge", handler: merge },
];

function corrupt(): RedisError {
  return new RedisError("INVALIDOBJ Corrupted HLL object detected");
}

function read(context: CommandContext, name: string): HyperLogLog | undefined {
  const value = context.read(name, StringValue);
  if (!value) return undefined;
  const found = HyperLogLog.read(value.bytes);
  if (!found) throw new RedisError("WRONGTYPE Key is not a valid HyperLogLog string value.");
  return found;
}

/** Puts it in the place of what is there; an expiry stays. */
function store(context: CommandContext, name: string, found: HyperLogLog): void {
  const value = context.read(name, StringValue);
  if (!value) context.set(name, new StringValue(found.toBytes(), true));
  else {
    value.bytes = found.toBytes();
    value.edited = true;
  }
}

function add(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const known = read(context, name);
  const found = known ?? HyperLogLog.empty();
  let hasChanged = known === undefined;
  for (const element of args.slice(2)) {
    const raised = found.add(element);
    if (raised === undefined) {
      // Redis keeps what came before.
      store(context, name, found);
      throw corrupt();
    }
    hasChanged ||= raised;
  }
  if (hasChanged) found.forgetCount();
  store(context, name, found);
  if (hasChanged) context.changed(name, "$", "pfadd");
  return hasChanged ? 1 : 0;
}

function count(context: CommandContext, args: readonly Buffer[]): Reply {
  if (args.length > 2) return estimateCount(highest(context, args).registers);
  const name = key(args, 1);
  const found = read(context, name);
  if (!found) return 0;
  const known = found.knownCount;
  if (known !== undefined) {
    store(context, name, found);
    return BigInt.asIntN(64, known);
  }
  const counted = found.count();
  if (counted === undefined) throw corrupt();
  store(context, name, found);
  // To WATCH this is a change, but no event tells of it.
  context.server.touched(context.db, name, context.client);
  return counted;
}

/** The highest value of each register, and whether one of the HyperLogLogs is dense. */
function highest(
  context: CommandContext,
  args: readonly Buffer[],
): { registers: Uint8Array; hasDense: boolean } {
  const registers = new Uint8Array(REGISTERS);
  let hasDense = false;
  for (const name of args.slice(1)) {
    const found = read(context, name.toString("latin1"));
    if (!found) continue;
    hasDense ||= found.isDense;
    const others = found.registers;
    if (!others) throw corrupt();
    for (const [index, value] of others.entries()) {
      if (value > (registers[index] ?? 0)) registers[index] = value;
    }
  }
  return { registers, hasDense };
}

function merge(context: CommandContext, args: readonly Buffer[]): Reply {
  const { registers, hasDense } = highest(context, args);
  const name = argument(args, 1).toString("latin1");
  const target = read(context, name) ?? HyperLogLog.empty();
  if (hasDense) target.makeDense();
  for (const [index, value] of registers.entries()) if (value > 0) target.raise(index, value);
  target.forgetCount();
  store(context, name, target);
  context.changed(name, "$", "pfadd");
  return OK;
}
