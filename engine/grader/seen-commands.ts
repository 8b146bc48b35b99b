import { formatReply } from "../redis/cli/format-reply.ts";
import type { LoggedCommand } from "../redis/gate.ts";
import type { SeenCommand } from "./report.ts";

const MOST = 40;

/** Commands for the report: the same one many times in a row is one line. */
export function seenCommands(logged: readonly LoggedCommand[]): {
  readonly commands: readonly SeenCommand[];
  readonly moreCommands: number;
} {
  const lines: { args: readonly string[]; reply: string | undefined; times: number }[] = [];
  for (const one of logged) {
    const seen = { args: one.args, reply: replyOf(one) };
    const last = lines.at(-1);
    if (
      last !== undefined &&
      JSON.stringify({ ...last, times: 0 }) === JSON.stringify({ ...seen, times: 0 })
    ) {
      last.times += 1;
    } else {
      lines.push({ ...seen, times: 1 });
    }
  }
  const left = lines.slice(MOST).reduce((sum, { times }) => sum + times, 0);
  return { commands: lines.slice(0, MOST), moreCommands: left };
}

function replyOf({ reply, error }: LoggedCommand): string | undefined {
  if (error !== undefined) return `(error) ${error}`;
  if (reply === undefined) return undefined;
  if (reply === "OK" || reply === "QUEUED") return reply;
  return formatReply(reply)
    .map((line) => line.trim())
    .join(" ");
}
