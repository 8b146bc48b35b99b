import { formatReply } from "../../redis/cli/format-reply.ts";
import type { LoggedCommand } from "../../redis/gate.ts";
import type { Terminal } from "../terminal.ts";
import { cutTo } from "../keys/cut-to.ts";

/** One command and its reply as a line: `INCR failures:account:9xQ → 1`; a script of 12 lines as `<Lua:12>`. */
export function commandLine(
  command: LoggedCommand,
  { columns, style }: Terminal,
  indent: number,
): string {
  const room = Math.max(20, columns() - indent);
  const args = hideScript(command).map(quote).join(" ");
  const reply = replyText(command);
  const tail = reply === undefined ? "" : ` → ${reply}`;
  const shownTail = cutTo(tail, Math.max(12, room >> 1));
  const shown = cutTo(args, room - shownTail.length);
  const paint = command.error === undefined ? style.dim : style.bad;
  return " ".repeat(indent) + shown + paint(shownTail);
}

/** Of a script its length: what matters beside a request is its keys and arguments. */
function hideScript({ name, args }: LoggedCommand): readonly string[] {
  const at = name === "EVAL" || name === "EVAL_RO" ? 1 : name === "SCRIPT LOAD" ? 2 : 0;
  const script = args[at] ?? "";
  if (at === 0 || script.length <= 40) return args;
  const lines = script.trim().split("\n").length;
  return args.with(at, `<Lua:${lines}>`);
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
