import { RespError, type RespValue } from "../resp/resp-value.ts";
import type { RespFrame } from "../resp/resp-reader.ts";
import type { Pending } from "./pending.ts";

/** Commands of one MULTI, while it is open. */
export interface OpenTransaction {
  readonly queued: Pending[];
  /** The gate refused one of them: as with Redis, EXEC must fail. */
  refused: boolean;
}

/** Gives each command of a transaction its own reply out of EXEC's; answers EXEC's reply with translations applied. */
export function spreadReplies(
  exec: readonly Pending[],
  frame: RespFrame,
): { value: RespValue; raw: readonly Buffer[] } {
  const taken = exec.filter((pending) => pending.isQueued);
  if (!Array.isArray(frame.value)) {
    // A watched key had changed, or an error: none of them ran.
    for (const pending of taken) pending.answer(null);
    return frame;
  }
  const values = frame.value;
  const replaced = new Map<number, Buffer>();
  const shown = values.map((value, index) => {
    const pending = taken[index];
    const rewritten = pending?.rewrite?.(value);
    if (rewritten !== undefined) replaced.set(index, rewritten.raw);
    const final = rewritten === undefined ? value : rewritten.value;
    pending?.answer(final);
    return final;
  });
  // Of a very long transaction only the first replies are kept.
  for (const pending of taken.slice(values.length)) pending.answer("…");
  if (replaced.size === 0 || frame.ends.length === 0) return { value: shown, raw: frame.raw };
  return { value: shown, raw: replaceItems(frame, replaced) };
}

function replaceItems(frame: RespFrame, replaced: ReadonlyMap<number, Buffer>): Buffer[] {
  const whole = Buffer.concat(frame.raw);
  let from = whole.indexOf(10) + 1;
  const parts: Buffer[] = [whole.subarray(0, from)];
  for (const [index, end] of frame.ends.entries()) {
    parts.push(replaced.get(index) ?? whole.subarray(from, end));
    from = end;
  }
  return parts;
}

/** An error reply on the wire. */
export function encodeError(message: string): Buffer {
  return Buffer.from(`-${message.replaceAll(/[\r\n]/g, " ")}\r\n`);
}

/** The text of an error reply, undefined for any other. */
export function errorOf(value: RespValue): string | undefined {
  return value instanceof RespError ? value.message : undefined;
}
