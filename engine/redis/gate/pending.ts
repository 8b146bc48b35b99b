import type { LoggedCommand } from "../gate.ts";
import { RespError, type RespValue, toRedisValue } from "../resp/resp-value.ts";
import type { RewrittenReply } from "./translate-command.ts";

/** A command whose reply has not gone back to the client yet. */
export class Pending {
  readonly entry: LoggedCommand | undefined;
  /** `gate`: answered here. `own`: of the gate itself, its reply is swallowed. */
  readonly from: "redis" | "gate" | "own";
  /** The gate's own answer. */
  readonly local: Buffer | undefined;
  /** Waits inside Redis for another client: being unanswered is its business. */
  readonly isBlocking: boolean;
  rewrite: ((value: RespValue) => RewrittenReply | undefined) | undefined;
  /** The commands that this EXEC runs. */
  exec: readonly Pending[] | undefined;
  /** `subscribe`, `punsubscribe` …: answered by one push for each channel. */
  subscription: { kind: string; left: number } | undefined;
  isInTransaction = false;
  /** Redis said QUEUED to it. */
  isQueued = false;
  /** Called with the final value. */
  onAnswer: ((value: RespValue) => void) | undefined;

  constructor(options: {
    entry?: LoggedCommand;
    from: "redis" | "gate" | "own";
    local?: Buffer;
    isBlocking?: boolean;
  }) {
    this.entry = options.entry;
    this.from = options.from;
    this.local = options.local;
    this.isBlocking = options.isBlocking ?? false;
  }

  /** Writes the reply into the log. */
  answer(value: RespValue): void {
    this.onAnswer?.(value);
    if (this.entry === undefined) return;
    if (value instanceof RespError) this.entry.error = value.message;
    else this.entry.reply = toRedisValue(value);
  }
}

/** Whether a command may wait inside Redis until another client does something. */
export function isBlockingCommand(name: string, args: readonly Buffer[]): boolean {
  if (/^(B[LRZ]\w*|WAIT|WAITAOF)$/.test(name)) return true;
  if (name !== "XREAD" && name !== "XREADGROUP") return false;
  return args.some((arg) => arg.length === 5 && arg.toString("latin1").toUpperCase() === "BLOCK");
}
