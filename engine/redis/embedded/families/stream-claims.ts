import { argument, type Command, key } from "../command.ts";
import type { CommandContext } from "../command-context.ts";
import { isWord, parseLong, parseRange } from "../parse-arguments.ts";
import { RedisError, syntaxError } from "../redis-error.ts";
import type { Reply } from "../reply.ts";
import type { Consumer, ConsumerGroup } from "../streams/consumer-group.ts";
import type { Pending } from "../streams/pending-list.ts";
import {
  LEAST_ID,
  parseId,
  parseStart,
  readId,
  showId,
  type StreamId,
} from "../streams/stream-id.ts";
import { StreamValue } from "../values/stream.ts";
import { seeConsumer } from "./stream-groups.ts";
import { showEntry } from "./streams.ts";

const MOST_TO_CLAIM = 2 ** 63 / 16;
const LOOKS_PER_CLAIM = 10;

/** Taking over what others were given and did not acknowledge. */
export const streamClaimCommands: Command[] = [
  { name: "xclaim", handler: claim },
  { name: "xautoclaim", handler: claimAny },
];

interface ClaimOptions {
  readonly ids: readonly StreamId[];
  readonly deliveredAtMs: number;
  readonly deliveries: number | undefined;
  readonly force: boolean;
  readonly justIds: boolean;
  readonly lastId: StreamId;
}

function find(
  context: CommandContext,
  args: readonly Buffer[],
): { stream: StreamValue; group: ConsumerGroup } {
  const stream = context.read(key(args, 1), StreamValue);
  const group = stream?.groups.get(key(args, 2));
  if (stream && group) return { stream, group };
  throw new RedisError(`NOGROUP No such key '${key(args, 1)}' or consumer group '${key(args, 2)}'`);
}

function readClaim(args: readonly Buffer[], nowMs: number): ClaimOptions {
  let at = 5;
  const ids: StreamId[] = [];
  for (; at < args.length; at++) {
    const id = tryReadId(argument(args, at));
    if (id === undefined) break;
    ids.push(id);
  }
  let [force, justIds, lastId] = [false, false, LEAST_ID];
  let deliveredAtMs: number | undefined;
  let deliveries: number | undefined;
  for (; at < args.length; at++) {
    const word = args[at];
    const value = args[at + 1];
    if (isWord(word, "force")) force = true;
    else if (isWord(word, "justid")) justIds = true;
    else if (isWord(word, "idle") && value) {
      deliveredAtMs = nowMs - Number(parseLong(value, invalidOption("IDLE option")));
      at += 1;
    } else if (isWord(word, "time") && value) {
      deliveredAtMs = Number(parseLong(value, invalidOption("TIME option")));
      at += 1;
    } else if (isWord(word, "retrycount") && value) {
      const count = Number(parseLong(value, invalidOption("RETRYCOUNT option")));
      deliveries = count < 0 ? undefined : count;
      at += 1;
    } else if (isWord(word, "lastid") && value) {
      lastId = parseId(value);
      at += 1;
    } else throw new RedisError(`ERR Unrecognized XCLAIM option '${key(args, at)}'`);
  }
  // Redis takes a moment that makes no sense for now.
  if (deliveredAtMs === undefined || deliveredAtMs < 0 || deliveredAtMs > nowMs) {
    deliveredAtMs = nowMs;
  }
  return { ids, deliveredAtMs, deliveries, force, justIds, lastId };
}

function tryReadId(text: Buffer): StreamId | undefined {
  return text.length > 127 ? undefined : readId(text);
}

function invalidOption(what: string): string {
  return `ERR Invalid ${what} argument for XCLAIM`;
}

function claim(context: CommandContext, args: readonly Buffer[]): Reply {
  const { stream, group } = find(context, args);
  const idleMs = Number(parseLong(argument(args, 4), invalidOption("min-idle-time")));
  const options = readClaim(args, context.nowMs);
  if (options.lastId > group.lastId) group.lastId = options.lastId;
  const claimer = new Claimer(context, args, group, options.justIds);
  const replies: Reply[] = [];
  for (const id of options.ids) {
    const entry = stream.find(id);
    const pending = group.pending.get(id);
    if (!entry) {
      group.forget(id);
      continue;
    }
    if (!pending && !options.force) continue;
    if (pending && idleMs > 0 && context.nowMs - pending.deliveredAtMs < idleMs) continue;
    claimer.take(id, pending, options.deliveredAtMs, options.deliveries);
    replies.push(options.justIds ? showId(id) : showEntry(entry));
  }
  return replies;
}

/** The consumer is only made when there is something to take. */
class Claimer {
  #consumer: Consumer | undefined;

  constructor(
    readonly context: CommandContext,
    readonly args: readonly Buffer[],
    readonly group: ConsumerGroup,
    readonly justIds: boolean,
  ) {}

  take(
    id: StreamId,
    pending: Pending | undefined,
    deliveredAtMs: number,
    deliveries: number | undefined,
  ): void {
    const { group, context, args } = this;
    this.#consumer ??= seeConsumer(context, group, key(args, 3), key(args, 1));
    const before = pending?.deliveries ?? 1;
    group.deliver(id, this.#consumer, deliveredAtMs);
    const taken = group.pending.get(id);
    if (taken) taken.deliveries = deliveries ?? before + (this.justIds ? 0 : 1);
  }
}

function claimAny(context: CommandContext, args: readonly Buffer[]): Reply {
  const idleMs = Number(
    parseLong(argument(args, 4), "ERR Invalid min-idle-time argument for XAUTOCLAIM"),
  );
  const start = parseStart(argument(args, 5));
  let [count, justIds] = [100, false];
  for (let at = 6; at < args.length; at++) {
    const value = args[at + 1];
    if (isWord(args[at], "count") && value) {
      count = parseRange(value, 1, MOST_TO_CLAIM, "ERR COUNT must be > 0");
      at += 1;
    } else if (isWord(args[at], "justid")) justIds = true;
    else throw syntaxError();
  }
  const { stream, group } = find(context, args);
  const claimer = new Claimer(context, args, group, justIds);
  const [claimed, gone]: [Reply[], Reply[]] = [[], []];
  let next: StreamId | undefined = group.pending.next(start);
  for (let looks = count * LOOKS_PER_CLAIM; looks > 0 && count > 0; looks--) {
    if (next === undefined) break;
    const id: StreamId = next;
    const entry = stream.find(id);
    const pending = group.pending.get(id);
    if (!entry) {
      group.forget(id);
      gone.push(showId(id));
      count -= 1;
    } else if (pending && (idleMs <= 0 || context.nowMs - pending.deliveredAtMs >= idleMs)) {
      claimer.take(id, pending, context.nowMs, undefined);
      claimed.push(justIds ? showId(id) : showEntry(entry));
      count -= 1;
    }
    next = group.pending.next(id + 1n);
  }
  return [showId(next ?? LEAST_ID), claimed, gone];
}
