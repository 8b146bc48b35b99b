import { argument, type Command, keep, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { parseInteger } from "../parse-arguments.ts";
import { RedisError } from "../redis-error.ts";
import { bulk, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

const LONGEST_STRING = 512 * 1024 * 1024;

/** Parts of strings: lengths, ranges, appending. */
export const stringPartCommands: Command[] = [
  {
    name: "strlen",
    handler: (context, args) => context.read(key(args, 1), StringValue)?.bytes.length ?? 0,
  },
  { name: "getrange", handler: getRange },
  { name: "substr", handler: getRange },
  { name: "setrange", handler: setRange },
  { name: "append", handler: append },
];

function getRange(context: CommandContext, args: readonly Buffer[]): Reply {
  let start = parseInteger(argument(args, 2));
  let end = parseInteger(argument(args, 3));
  const bytes = context.read(key(args, 1), StringValue)?.bytes;
  if (!bytes || (start < 0 && end < 0 && start > end)) return bulk("");
  if (start < 0) start = Math.max(start + bytes.length, 0);
  if (end < 0) end = Math.max(end + bytes.length, 0);
  end = Math.min(end, bytes.length - 1);
  return start > end ? bulk("") : bytes.subarray(start, end + 1);
}

function setRange(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const part = argument(args, 3);
  const offset = parseInteger(argument(args, 2));
  if (offset < 0) throw new RedisError("ERR offset is out of range");
  const value = context.read(name, StringValue);
  if (part.length === 0) return value?.bytes.length ?? 0;
  checkLength(offset + part.length);
  const before = value?.bytes ?? Buffer.alloc(0);
  if (value && offset + part.length <= before.length) {
    part.copy(value.bytes, offset);
    value.edited = true;
  } else {
    const bytes = Buffer.alloc(offset + part.length);
    before.copy(bytes);
    part.copy(bytes, offset);
    replaceBytes(context, name, value, bytes);
  }
  context.changed(name, "$", "setrange");
  return context.read(name, StringValue)?.bytes.length ?? 0;
}

function append(context: CommandContext, args: readonly Buffer[]): Reply {
  const name = key(args, 1);
  const part = argument(args, 2);
  const value = context.read(name, StringValue);
  if (value) {
    checkLength(value.bytes.length + part.length);
    value.bytes = Buffer.concat([value.bytes, part]);
    value.edited = true;
  } else context.set(name, context.noteArgument(new StringValue(keep(part))));
  context.changed(name, "$", "append");
  return (value?.bytes ?? part).length;
}

function replaceBytes(
  context: CommandContext,
  name: string,
  value: StringValue | undefined,
  bytes: Buffer,
): void {
  if (!value) context.set(name, new StringValue(bytes, true));
  else {
    value.bytes = bytes;
    value.edited = true;
  }
}

function checkLength(length: number): void {
  if (length > LONGEST_STRING) {
    throw new RedisError("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  }
}
