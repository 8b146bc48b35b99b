import { argument } from "../command.ts";
import { isWord, parseInteger } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import type { Trim } from "../values/stream.ts";
import { parseId, parseNewId } from "./stream-id.ts";

/** 100 nodes of 100 entries. */
const DEFAULT_LIMIT = 10_000;

export interface AddOptions {
  readonly trim: Trim | undefined;
  readonly mustExist: boolean;
  /** The ID to use; undefined: `*`. */
  readonly id: ReturnType<typeof parseNewId> | undefined;
  /** Where the fields begin. */
  readonly fieldsAt: number;
}

/** Reads the options of XADD (with the ID) and of XTRIM. */
export function readAddOptions(args: readonly Buffer[], command: "xadd" | "xtrim"): AddOptions {
  const isAdd = command === "xadd";
  let keep: Trim["keep"] | undefined;
  let approximate = false;
  let limit: number | undefined;
  let mustExist = false;
  let id: AddOptions["id"];
  let at = 2;
  for (; at < args.length; at++) {
    const word = args[at];
    const hasMore = at + 1 < args.length;
    if (isAdd && isWord(word, "*")) break;
    const strategy = isWord(word, "maxlen") || isWord(word, "minid");
    if (strategy && hasMore) {
      if (keep) throw new RedisError(TWO_STRATEGIES);
      const hasMark = at + 2 < args.length;
      approximate = hasMark && isWord(args[at + 1], "~");
      if (approximate || (hasMark && isWord(args[at + 1], "="))) at += 1;
      at += 1;
      keep = isWord(word, "maxlen")
        ? { entries: atLeastZero(argument(args, at), "MAXLEN") }
        : { from: parseId(argument(args, at)) };
    } else if (isWord(word, "limit") && hasMore) {
      at += 1;
      limit = atLeastZero(argument(args, at), "LIMIT");
    } else if (isAdd && isWord(word, "nomkstream")) mustExist = true;
    else if (isAdd) {
      id = parseNewId(argument(args, at));
      break;
    } else throw syntaxError();
  }
  if (!keep && limit) throw new RedisError(LIMIT_WITHOUT_STRATEGY);
  if (!keep && !isAdd) throw new RedisError(NO_STRATEGY);
  if (limit !== undefined && !approximate) throw new RedisError(LIMIT_WITHOUT_MARK);
  const trim = keep && { keep, approximate, limit: approximate ? (limit ?? DEFAULT_LIMIT) : 0 };
  return { trim, mustExist, id, fieldsAt: at + 1 };
}

function atLeastZero(value: Buffer, option: string): number {
  const number = parseInteger(value);
  if (number < 0) throw new RedisError(`ERR The ${option} argument must be >= 0.`);
  return number;
}

const TWO_STRATEGIES =
  "ERR syntax error, MAXLEN and MINID options at the same time are not compatible";
const LIMIT_WITHOUT_STRATEGY =
  "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy";
const LIMIT_WITHOUT_MARK = "ERR syntax error, LIMIT cannot be used without the special ~ option";
const NO_STRATEGY = "ERR syntax error, XTRIM must be called with a trimming strategy";
