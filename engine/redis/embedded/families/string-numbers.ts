import { addLongDoubles, isLongDouble } from "../long-double.ts";
import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { parseLong } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

/** Strings that hold numbers. */
export const stringNumberCommands: Command[] = [
  { name: "incr", handler: (context, args) => add(context, key(args, 1), 1n) },
  { name: "decr", handler: (context, args) => add(context, key(args, 1), -1n) },
  {
    name: "incrby",
    handler: (context, args) => add(context, key(args, 1), parseLong(argument(args, 2))),
  },
  { name: "decrby", handler: subtract },
  { name: "incrbyfloat", handler: addFloat },
];

function add(context: CommandContext, name: string, increment: bigint): Reply {
  const value = context.read(name, StringValue);
  const sum = (value ? parseLong(value.bytes) : 0n) + increment;
  if (sum > MAX || sum < MIN) {
    throw new RedisError("ERR increment or decrement would overflow");
  }
  store(context, name, value, sum.toString());
  context.changed(name, "$", "incrby");
  return sum;
}

function subtract(context: CommandContext, args: readonly Buffer[]): Reply {
  const decrement = parseLong(argument(args, 2));
  if (decrement === MIN) throw new RedisError("ERR decrement would overflow");
  return add(context, key(args, 1), -decrement);
}

function addFloat(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const value = context.read(name, StringValue);
  const left = value ? value.bytes : bulk("0");
  const right = argument(args, 2);
  if (!isLongDouble(left) || !isLongDouble(right)) {
    throw new RedisError("ERR value is not a valid float");
  }
  const sum = addLongDoubles(left.toString("latin1"), right.toString("latin1"));
  if (sum === undefined) throw new RedisError("ERR increment would produce NaN or Infinity");
  store(context, name, value, sum, true);
  context.changed(name, "$", "incrbyfloat");
  return bulk(sum);
}

/** The key keeps its expiry. */
function store(
  context: CommandContext,
  name: string,
  value: StringValue | undefined,
  text: string,
  isText = false,
): void {
  const stored = value ?? new StringValue(Buffer.alloc(0));
  stored.bytes = bulk(text);
  stored.edited = false;
  stored.isText = isText;
  stored.isCopy = false;
  if (!value) context.set(name, stored);
  // For its replicas Redis turns INCRBYFLOAT into a SET of the sum.
  if (isText) context.noteArgument(stored);
}
