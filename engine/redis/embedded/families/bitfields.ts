import { growForBits, readBitOffset } from "../bits/bit-strings.ts";
import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseLong, readLong } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import type { Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

/** Numbers of any width within a string. */
export const bitfieldCommands: Command[] = [
  { name: "bitfield", handler: bitfield(false) },
  { name: "bitfield_ro", handler: bitfield(true) },
];

type Overflow = "wrap" | "sat" | "fail";

interface FieldType {
  readonly signed: boolean;
  readonly bits: number;
}

interface Operation {
  readonly kind: "get" | "set" | "incrby";
  readonly type: FieldType;
  readonly offset: number;
  readonly value: bigint;
  readonly overflow: Overflow;
}

function readType(argument_: Buffer): FieldType {
  const [letter] = argument_.toString("latin1", 0, 1);
  const bits = Number(readLong(argument_.subarray(1)) ?? 0n);
  const signed = letter === "i";
  if ((!signed && letter !== "u") || bits < 1 || bits > (signed ? 64 : 63)) {
    throw new RedisError(
      "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.",
    );
  }
  return { signed, bits };
}

function readOverflow(word: Buffer): Overflow {
  const found = (["wrap", "sat", "fail"] as const).find((each) => isWord(word, each));
  if (!found) throw new RedisError("ERR Invalid OVERFLOW type specified");
  return found;
}

function readOperations(args: readonly Buffer[]): Operation[] {
  const operations: Operation[] = [];
  let overflow: Overflow = "wrap";
  for (let at = 2; at < args.length;) {
    const word = args[at];
    const left = args.length - 1 - at;
    if (isWord(word, "overflow") && left >= 1) {
      overflow = readOverflow(argument(args, at + 1));
      at += 2;
      continue;
    }
    const needed = { get: 2, set: 3, incrby: 3 };
    const kind = (["get", "set", "incrby"] as const).find((each) => isWord(word, each));
    if (!kind || left < needed[kind]) throw syntaxError();
    const type = readType(argument(args, at + 1));
    const offset = readBitOffset(argument(args, at + 2), type.bits);
    const value = kind === "get" ? 0n : parseLong(argument(args, at + 3));
    operations.push({ kind, type, offset, value, overflow });
    at += needed[kind] + 1;
  }
  return operations;
}

function bitfield(readOnly: boolean): CommandHandler {
  return (context, args) => {
    const operations = readOperations(args);
    const writes = operations.filter(({ kind }) => kind !== "get");
    if (writes.length === 0) {
      const bytes = context.read(key(args, 1), StringValue)?.bytes ?? Buffer.alloc(0);
      return operations.map((operation) => readField(bytes, operation));
    }
    if (readOnly) throw new RedisError("ERR BITFIELD_RO only supports the GET subcommand");
    return write(context, key(args, 1), operations, writes);
  };
}

function write(
  context: CommandContext,
  name: string,
  operations: readonly Operation[],
  writes: readonly Operation[],
): Reply {
  const lastBit = Math.max(...writes.map(({ offset, type }) => offset + type.bits - 1));
  const { value, hasGrown } = growForBits(context, name, lastBit);
  let hasChanged = false;
  const replies = operations.map((operation): Reply => {
    const before = readField(value.bytes, operation);
    if (operation.kind === "get") return before;
    const after = nextValue(before, operation);
    if (after === undefined) return null;
    writeField(value.bytes, operation, after);
    hasChanged ||= hasGrown || before !== after;
    return operation.kind === "set" ? before : after;
  });
  if (hasChanged) context.changed(name, "$", "setbit");
  return replies;
}

/** Undefined: it does not fit, and OVERFLOW FAIL was said. */
function nextValue(before: bigint, { kind, type, value, overflow }: Operation): bigint | undefined {
  const { signed, bits } = type;
  const set = signed ? value : BigInt.asUintN(64, value);
  const exact = kind === "set" ? set : before + value;
  const most = signed ? 2n ** BigInt(bits - 1) - 1n : 2n ** BigInt(bits) - 1n;
  const least = signed ? -most - 1n : 0n;
  if (exact >= least && exact <= most) return exact;
  if (overflow === "fail") return undefined;
  if (overflow === "sat") return exact > most ? most : least;
  return signed ? BigInt.asIntN(bits, exact) : BigInt.asUintN(bits, exact);
}

function readField(bytes: Buffer, { offset, type }: Operation): bigint {
  let value = 0n;
  for (let at = offset; at < offset + type.bits; at++) {
    const bit = ((bytes[Math.floor(at / 8)] ?? 0) >> (7 - (at % 8))) & 1;
    value = (value << 1n) | BigInt(bit);
  }
  return type.signed ? BigInt.asIntN(type.bits, value) : value;
}

function writeField(bytes: Buffer, { offset, type }: Operation, value: bigint): void {
  for (let step = 0; step < type.bits; step++) {
    const bit = Number((value >> BigInt(type.bits - 1 - step)) & 1n);
    const at = Math.floor((offset + step) / 8);
    const place = 7 - ((offset + step) % 8);
    bytes[at] = ((bytes[at] ?? 0) & ~(1 << place)) | (bit << place);
  }
}
