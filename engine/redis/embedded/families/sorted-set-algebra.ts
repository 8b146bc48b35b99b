import { argument, type Command, type CommandHandler, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseDouble, parseNatural, parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError, wrongType } from "../redis-error.ts";
import type { Reply } from "../reply.ts";
import { isBefore, type Scored } from "../skip-list.ts";
import { showScored } from "../sorted-set-replies.ts";
import { storeSortedSet } from "../store-sorted-set.ts";
import { SetValue } from "../values/set.ts";
import { SortedSetValue } from "../values/sorted-set.ts";

/** Unions, intersections and differences of sorted sets (and of sets, whose scores are 1). */
export const sortedSetAlgebraCommands: Command[] = [
  { name: "zunion", handler: answer("union") },
  { name: "zinter", handler: answer("inter") },
  { name: "zdiff", handler: answer("diff") },
  { name: "zunionstore", handler: store("union") },
  { name: "zinterstore", handler: store("inter") },
  { name: "zdiffstore", handler: store("diff") },
  { name: "zintercard", handler: countCommon },
];

type Operation = "union" | "inter" | "diff";
type Scores = ReadonlyMap<string, number>;
type Aggregate = (left: number, right: number) => number;

const sum: Aggregate = (left, right) => orZero(left + right);

const AGGREGATES: Record<string, Aggregate> = {
  sum,
  // As in C: what is no number is neither less nor greater.
  min: (left, right) => (right < left ? right : left),
  max: (left, right) => (right > left ? right : left),
};

/** inf - inf and 0 * inf count as 0. */
function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

interface Sources {
  readonly sets: readonly Scores[];
  readonly optionsAt: number;
}

function readSources(
  context: CommandContext,
  args: readonly Buffer[],
  countAt: number,
  command: string,
): Sources {
  const count = parseInteger(argument(args, countAt));
  if (count < 1) {
    throw new RedisError(`ERR at least 1 input key is needed for '${command}' command`);
  }
  const optionsAt = countAt + 1 + count;
  if (optionsAt > args.length) throw syntaxError();
  return {
    sets: args.slice(countAt + 1, optionsAt).map((name) => scoresOf(context, name)),
    optionsAt,
  };
}

function scoresOf(context: CommandContext, name: Buffer): Scores {
  const value = context.entry(name.toString("latin1"))?.value;
  if (!value) return new Map();
  if (value instanceof SortedSetValue) return new Map(value.scores.entries());
  if (value instanceof SetValue) return new Map([...value.members.keys()].map((each) => [each, 1]));
  throw wrongType();
}

interface Options {
  weights: number[] | undefined;
  aggregate: Aggregate;
  withScores: boolean;
}

function readOptions(
  args: readonly Buffer[],
  { sets, optionsAt }: Sources,
  form: { isDiff: boolean; isStore: boolean },
): Options {
  const options: Options = { weights: undefined, aggregate: sum, withScores: false };
  for (let at = optionsAt; at < args.length; at++) {
    const left = args.length - at - 1;
    if (!form.isDiff && left >= sets.length && isWord(args[at], "weights")) {
      const words = args.slice(at + 1, at + 1 + sets.length);
      options.weights = words.map((word) => parseDouble(word, "ERR weight value is not a float"));
      at += sets.length;
    } else if (!form.isDiff && left >= 1 && isWord(args[at], "aggregate")) {
      const aggregate =
        AGGREGATES[
          argument(args, at + 1)
            .toString("latin1")
            .toLowerCase()
        ];
      if (!aggregate) throw syntaxError();
      options.aggregate = aggregate;
      at += 1;
    } else if (!form.isStore && isWord(args[at], "withscores")) options.withScores = true;
    else throw syntaxError();
  }
  return options;
}

function compute(operation: Operation, sets: readonly Scores[], options: Options): Scored[] {
  const [first = new Map<string, number>(), ...others] = sets;
  const result = new Map<string, number>();
  if (operation === "diff") {
    for (const [member, score] of first) {
      if (!others.some((other) => other.has(member))) result.set(member, score);
    }
  } else {
    // Redis begins with the smallest, which shows where infinities meet.
    const sources = sets
      .map((set, index) => ({ set, weight: options.weights?.[index] ?? 1 }))
      .toSorted((a, b) => a.set.size - b.set.size);
    for (const { set, weight } of sources) {
      for (const [member, score] of set) {
        if (operation === "inter" && !sets.every((other) => other.has(member))) continue;
        const before = result.get(member);
        const weighted = weight * score;
        // In an intersection only the first product that is no number counts as 0.
        if (before === undefined) result.set(member, orZero(weighted));
        else {
          const counted = operation === "inter" ? weighted : orZero(weighted);
          result.set(member, options.aggregate(before, counted));
        }
      }
    }
  }
  return [...result]
    .map(([member, score]) => ({ member, score }))
    .toSorted((left, right) => (isBefore(left, right) ? -1 : 1));
}

function answer(operation: Operation): CommandHandler {
  return (context, args) => {
    const sources = readSources(context, args, 1, `z${operation}`);
    const form = { isDiff: operation === "diff", isStore: false };
    const options = readOptions(args, sources, form);
    return showScored(context, compute(operation, sources.sets, options), options.withScores);
  };
}

function store(operation: Operation): CommandHandler {
  return (context, args) => {
    const command = `z${operation}store`;
    const sources = readSources(context, args, 2, command);
    const options = readOptions(args, sources, { isDiff: operation === "diff", isStore: true });
    const items = compute(operation, sources.sets, options);
    return storeSortedSet(context, key(args, 1), items, command);
  };
}

function countCommon(context: CommandContext, args: readonly Buffer[]): Reply {
  const sources = readSources(context, args, 1, "zintercard");
  let limit = 0;
  for (let at = sources.optionsAt; at < args.length; at += 2) {
    if (!isWord(args[at], "limit") || at + 1 >= args.length) throw syntaxError();
    limit = parseNatural(argument(args, at + 1), "ERR LIMIT can't be negative");
  }
  const [first = new Map<string, number>(), ...others] = sources.sets;
  const common = [...first.keys()].filter((member) => others.every((other) => other.has(member)));
  return limit > 0 ? Math.min(limit, common.length) : common.length;
}
