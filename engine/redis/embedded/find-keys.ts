import { readLong } from "./parse-arguments.ts";
import type { ResolvedCommand } from "./table.ts";
import type { FactsValue } from "./command-facts.ts";

/**
 * The places of the keys among the arguments (0 is the command's name), read from the command's key
 * specifications. Undefined: the arguments make no sense (a count of keys that is too great).
 */
export function findKeys(command: ResolvedCommand, args: readonly Buffer[]): number[] | undefined {
  if (command.name === "sort") return findSortKeys(args);
  const places: number[] = [];
  for (const spec of command.facts.specs) {
    const found = findBySpec(toRecord(spec), args);
    if (!found) return undefined;
    places.push(...found);
  }
  return places;
}

const SORT_OPTION_WORDS: Record<string, number> = { limit: 2, get: 1, by: 1 };

/** SORT's specifications are incomplete: the word STORE may stand anywhere, and the last one counts. */
function findSortKeys(args: readonly Buffer[]): number[] {
  let store: number | undefined;
  for (let at = 2; at < args.length; at++) {
    const word = args[at]?.toString("latin1").toLowerCase() ?? "";
    if (word === "store" && at + 1 < args.length) store = at + 1;
    else at += SORT_OPTION_WORDS[word] ?? 0;
  }
  return store === undefined ? [1] : [1, store];
}

type SpecRecord = Record<string, FactsValue>;

function toRecord(list: FactsValue | undefined): SpecRecord {
  const record: SpecRecord = {};
  if (!Array.isArray(list)) return record;
  for (let at = 0; at < list.length; at += 2) record[String(list[at])] = list[at + 1] ?? null;
  return record;
}

function findBySpec(spec: SpecRecord, args: readonly Buffer[]): number[] | undefined {
  const search = toRecord(spec["begin_search"]);
  const begin = findBegin(String(search["type"]), toRecord(search["spec"]), args);
  if (begin === undefined) return [];
  const finder = toRecord(spec["find_keys"]);
  const how = toRecord(finder["spec"]);
  return finder["type"] === "keynum" ? byCount(begin, how, args) : byRange(begin, how, args);
}

function findBegin(type: string, spec: SpecRecord, args: readonly Buffer[]): number | undefined {
  if (type === "index") return Number(spec["index"]);
  if (type !== "keyword") return undefined;
  const keyword = String(spec["keyword"]).toLowerCase();
  const from = Number(spec["startfrom"]);
  const step = from < 0 ? -1 : 1;
  for (let at = from < 0 ? args.length + from : from; at > 0 && at < args.length; at += step) {
    if (args[at]?.toString("latin1").toLowerCase() === keyword) return at + 1;
  }
  return undefined;
}

function byRange(begin: number, spec: SpecRecord, args: readonly Buffer[]): number[] {
  const lastKey = Number(spec["lastkey"]);
  const step = Number(spec["keystep"]);
  const limit = Number(spec["limit"]);
  let last = begin + lastKey;
  if (lastKey < 0) {
    last =
      limit <= 1
        ? args.length + lastKey
        : begin + Math.floor((args.length - begin) / limit) + lastKey;
  }
  const places: number[] = [];
  for (let at = begin; at <= last && at < args.length; at += step) places.push(at);
  return places;
}

function byCount(begin: number, spec: SpecRecord, args: readonly Buffer[]): number[] | undefined {
  const countAt = begin + Number(spec["keynumidx"]);
  const first = begin + Number(spec["firstkey"]);
  const step = Number(spec["keystep"]);
  const bytes = args[countAt];
  const count = bytes && readLong(bytes);
  if (count === undefined || count < 0n || first + (Number(count) - 1) * step >= args.length) {
    return undefined;
  }
  return Array.from({ length: Number(count) }, (_, index) => first + index * step);
}
