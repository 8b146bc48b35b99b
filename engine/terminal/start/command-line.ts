import { formatReply } from "../../redis/cli/format-reply.ts";
import type { LoggedCommand } from "../../redis/gate.ts";
import type { Terminal } from "../terminal.ts";
import { cutTo } from "../keys/cut-to.ts";
import { scriptLabel } from "../script-label.ts";

/** One command and its reply as a line: `INCR failures:account:9xQ → 1`; a long script as `<script of 12 lines>`. */
export function commandLine(
  command: LoggedCommand,
  { columns, style }: Terminal,
  indent: number,
): string {
  const room = Math.max(20, columns() - indent);
  const hidden = hiddenScript(command);
  const args = command.args
    .map((arg, at) => (at === hidden ? scriptLabel(arg) : quote(arg)))
    .join(" ");
  const reply = replyText(command);
  const tail = reply === undefined ? "" : ` → ${reply}`;
  const shownTail = cutTo(tail, Math.max(12, room >> 1));
  const shown = cutTo(args, room - shownTail.length);
  const paint = command.error === undefined ? style.dim : style.bad;
  return " ".repeat(indent) + shown + paint(shownTail);
}

/** At which argument a script stands that is longer than it is telling. */
function hiddenScript({ name, args }: LoggedCommand): number | undefined {
  const at = name === "EVAL" || name === "EVAL_RO" ? 1 : name === "SCRIPT LOAD" ? 2 : undefined;
  return at !== undefined && (args[at] ?? "").length > 40 ? at : undefined;
}

function replyText({ reply, error }: LoggedCommand): string | undefined {
  if (error !== undefined) return `(error) ${error}`;
  if (reply === undefined) return "(no answer yet)";
  if (reply === "OK" || reply === "QUEUED" || reply === "PONG") return reply;
  return formatReply(reply)
    .map((line) => line.trim())
    .join(" ");
}

/** As one would type it in redis-cli. Scripts and other long texts come in one line. */
function quote(text: string): string {
  const flat = text.trim().replaceAll(/\s+/g, " ");
  if (flat === "") return '""';
  return /[\s"']/.test(flat) ? (flat.includes("'") ? JSON.stringify(flat) : `'${flat}'`) : flat;
}
