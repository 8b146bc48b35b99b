import type { RespFrame } from "../resp/resp-reader.ts";
import type { Pending } from "./pending.ts";

const KINDS = [
  "subscribe",
  "unsubscribe",
  "psubscribe",
  "punsubscribe",
  "ssubscribe",
  "sunsubscribe",
];
const MESSAGES = new Set(["message", "pmessage", "smessage"]);
const MONITOR_LINE = /^\d+\.\d{6} \[/;

/** Tells replies from what Redis sends unasked: published messages, invalidations, MONITOR's lines. */
export class Subscriptions {
  readonly #names = { "": new Set<unknown>(), p: new Set<unknown>(), s: new Set<unknown>() };
  isMonitoring = false;

  /** For a subscription command: which replies it waits for. */
  static expected(
    name: string,
    args: readonly Buffer[],
  ): { kind: string; left: number } | undefined {
    const kind = name.toLowerCase();
    // 0: UNSUBSCRIBE without names; how many that is shows only when its turn comes.
    return KINDS.includes(kind) ? { kind, left: args.length - 1 } : undefined;
  }

  /** What a frame is for the command at the head of the queue. */
  classify(frame: RespFrame, head: Pending | undefined): "reply" | "part" | "unasked" {
    if (this.isMonitoring && frame.type === "+" && MONITOR_LINE.test(String(frame.value))) {
      return "unasked";
    }
    if (!Array.isArray(frame.value) || (frame.type !== ">" && frame.type !== "*")) return "reply";
    const kind = frame.value[0];
    const waits = head?.subscription;
    if (typeof kind === "string" && waits !== undefined && kind === waits.kind) {
      if (waits.left === 0) waits.left = Math.max(1, this.#set(kind).size);
      this.#note(kind, frame.value[1]);
      waits.left -= 1;
      return waits.left === 0 ? "reply" : "part";
    }
    if (frame.type === ">") {
      // The server may end a subscription by itself (cluster, for one).
      if (typeof kind === "string" && KINDS.includes(kind)) this.#note(kind, frame.value[1]);
      return "unasked";
    }
    return this.#count() > 0 && MESSAGES.has(String(kind)) ? "unasked" : "reply";
  }

  /** RESET ends them all. */
  clear(): void {
    for (const names of Object.values(this.#names)) names.clear();
    this.isMonitoring = false;
  }

  #set(kind: string): Set<unknown> {
    if (kind.startsWith("p")) return this.#names.p;
    return this.#names[/^s(sub|unsub)/.test(kind) ? "s" : ""];
  }

  #note(kind: string, name: unknown): void {
    const key = name instanceof Uint8Array ? Buffer.from(name).toString("latin1") : name;
    if (kind.includes("unsub")) this.#set(kind).delete(key);
    else this.#set(kind).add(key);
  }

  #count(): number {
    return this.#names[""].size + this.#names.p.size + this.#names.s.size;
  }
}
