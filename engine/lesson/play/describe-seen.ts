import { formatReply, type PrintableReply, StatusReply } from "../../redis/cli/format-reply.ts";
import { quoteArgument } from "../../redis/cli/quote-argument.ts";
import type { LoggedCommand } from "../../redis/gate.ts";
import { RespError } from "../../redis/resp/resp-value.ts";
import type { SeenCommand } from "../lesson-event.ts";

/** Commands that answer with what somebody stored: an OK of theirs is data. */
const READS_DATA = /^(?:GET|MGET|HGET|HMGET|GETDEL|GETEX|GETSET|LINDEX|[LR]POP|SPOP|ECHO|JSON)/;

/** A command of the gate's log, as a person reads it. */
export function describeSeen(program: string, command: LoggedCommand): SeenCommand {
  return {
    program,
    text: command.args.map((arg, at) => (at === 0 ? arg.toUpperCase() : quote(arg))).join(" "),
    reply: formatReply(replyOf(command))
      .map((line) => line.trim())
      .join(" "),
  };
}

/** The gate has written bytes that are no text as \xNN already: their backslashes are not quoted once more. */
function quote(arg: string): string {
  const quoted = quoteArgument(arg);
  return /\\x[89a-f][0-9a-f]/.test(arg) ? quoted.replaceAll(/\\\\(?=x[0-9a-f]{2})/g, "\\") : quoted;
}

/** The line that a `saw` block is compared with. */
export function seenLine({ text, reply }: SeenCommand): string {
  return `${text} → ${reply}`;
}

function replyOf({ name, reply, error, isStatus }: LoggedCommand): PrintableReply {
  if (error !== undefined) return new RespError(error);
  if (reply === undefined) return new StatusReply("(no reply)");
  const looksLikeStatus = reply === "OK" || reply === "QUEUED";
  if (
    typeof reply === "string" &&
    (isStatus === true || (looksLikeStatus && !READS_DATA.test(name)))
  ) {
    return new StatusReply(reply);
  }
  return reply;
}
