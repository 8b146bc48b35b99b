import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import { bulk, MapReply, type Reply } from "../reply.ts";
import { StringValue } from "../values/string.ts";

interface Options {
  length: boolean;
  indexes: boolean;
  leastMatch: number;
  withLengths: boolean;
}

/** The longest common subsequence of two strings. */
export const stringLcsCommands: Command[] = [{ name: "lcs", handler: lcs }];

function lcs(context: CommandContext, args: readonly Buffer[]): Reply {
  const a = readString(context, key(args, 1));
  const b = readString(context, key(args, 2));
  const options = readOptions(args);
  if (options.length && options.indexes) {
    throw new RedisError("ERR If you want both the length and indexes, please just use IDX.");
  }
  const lengths = lengthTable(a, b);
  const total = lengths[a.length * (b.length + 1) + b.length] ?? 0;
  if (options.length) return total;
  const { text, matches } = walkBack(a, b, lengths, options);
  if (!options.indexes) return text;
  return new MapReply([
    [bulk("matches"), matches],
    [bulk("len"), total],
  ]);
}

function readString(context: CommandContext, name: string): Buffer {
  const value = context.entry(name)?.value;
  if (!value) return Buffer.alloc(0);
  if (value instanceof StringValue) return value.bytes;
  throw new RedisError("ERR The specified keys must contain string values");
}

function readOptions(args: readonly Buffer[]): Options {
  const options: Options = { length: false, indexes: false, leastMatch: 0, withLengths: false };
  for (let at = 3; at < args.length; at++) {
    const word = argument(args, at).toString("latin1").toLowerCase();
    if (word === "idx") options.indexes = true;
    else if (word === "len") options.length = true;
    else if (word === "withmatchlen") options.withLengths = true;
    else if (word === "minmatchlen" && at + 1 < args.length) {
      at += 1;
      options.leastMatch = Math.max(parseInteger(argument(args, at)), 0);
    } else throw syntaxError();
  }
  return options;
}

/** Row by row: the length for the first i bytes of `a` and the first j of `b`. */
function lengthTable(a: Buffer, b: Buffer): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const above = table[(i - 1) * width + j] ?? 0;
      const left = table[i * width + j - 1] ?? 0;
      const corner = table[(i - 1) * width + j - 1] ?? 0;
      table[i * width + j] = a[i - 1] === b[j - 1] ? corner + 1 : Math.max(above, left);
    }
  }
  return table;
}

function walkBack(
  a: Buffer,
  b: Buffer,
  lengths: Uint32Array,
  options: Options,
): { text: Buffer; matches: Reply[] } {
  const width = b.length + 1;
  const bytes: number[] = [];
  const matches: Reply[] = [];
  let run: { a: number; b: number; length: number } | undefined;
  const endRun = (): void => {
    if (run && run.length >= Math.max(options.leastMatch, 1)) {
      matches.push([
        range(run.a, run.length),
        range(run.b, run.length),
        ...(options.withLengths ? [run.length] : []),
      ]);
    }
    run = undefined;
  };
  let i = a.length;
  let j = b.length;
  while (i > 0 && j > 0) {
    if (a[i - 1] === b[j - 1]) {
      bytes.push(a[i - 1] ?? 0);
      if (run && run.a === i && run.b === j) run = { a: i - 1, b: j - 1, length: run.length + 1 };
      else {
        endRun();
        run = { a: i - 1, b: j - 1, length: 1 };
      }
      i -= 1;
      j -= 1;
    } else if ((lengths[(i - 1) * width + j] ?? 0) > (lengths[i * width + j - 1] ?? 0)) i -= 1;
    else j -= 1;
  }
  endRun();
  return { text: Buffer.from(bytes.toReversed()), matches };
}

function range(from: number, length: number): Reply {
  return [from, from + length - 1];
}
