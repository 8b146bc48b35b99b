import { EvenReplies } from "../even-replies.ts";
import { encodeRequest, RawClient } from "../raw-client.ts";
import { type RespNode, showReply } from "../resp-node.ts";
import type { Target } from "../targets.ts";
import { KEYS, SAME_SCORES, type Move } from "./arbitrary-program.ts";

/** What a program answered, and what it left behind. */
export interface ProgramReplies {
  readonly replies: readonly {
    readonly args: readonly string[];
    readonly reply: string;
    readonly told: boolean;
  }[];
}

const BEFORE = [["RESET"], ["FLUSHDB"]];

function dump(has: ReadonlySet<string>): string[][] {
  const perKey = [...KEYS, SAME_SCORES].flatMap((key) => [
    ["TYPE", key],
    ["GET", key],
    ["PTTL", key],
    ["HGETALL", key],
    ["LRANGE", key, "0", "-1"],
    ["SMEMBERS", key],
    ["ZRANGE", key, "0", "-1", "WITHSCORES"],
    ["XINFO", "STREAM", key, "FULL"],
    ["OBJECT", "ENCODING", key],
  ]);
  return [["DISCARD"], ["DBSIZE"], ...perKey.filter(([name = ""]) => has.has(name.toLowerCase()))];
}

/** Runs a program on an empty Redis; commands between two travels go in one write. */
export async function runProgram(
  target: Target,
  client: RawClient,
  program: readonly Move[],
  has: ReadonlySet<string>,
): Promise<ProgramReplies> {
  const replies: { args: readonly string[]; reply: string; told: boolean }[] = [];
  const even = new EvenReplies();
  let batch: (readonly string[])[] = [...BEFORE];
  const flush = async (): Promise<void> => {
    client.send(Buffer.concat(batch.map(encodeRequest)));
    const frames = await client.take(batch.length);
    const nowMs = target.nowMs();
    for (const [at, args] of batch.entries()) {
      const frame = frames[at];
      const reply = frame ? showReply(even.even(args, frame, nowMs)) : "no reply";
      replies.push({ args, reply, told: frame !== undefined && tells(frame) });
    }
    batch = [];
  };
  for (const move of program) {
    if ("args" in move) batch.push(move.args);
    else {
      // Time on a server passes by shortening every TTL, which WATCH takes for a change.
      batch.push(["DISCARD"], ["UNWATCH"]);
      await flush();
      await target.travel(move.travelMs);
      replies.push({ args: [`time +${move.travelMs}ms`], reply: "", told: true });
    }
  }
  batch.push(...dump(has));
  await flush();
  return { replies };
}

/** Neither an error nor nil. */
function tells(reply: RespNode): boolean {
  return (
    reply.type !== "-" &&
    reply.type !== "_" &&
    (reply.text !== undefined || reply.items !== undefined)
  );
}
