import { fromBytes, RespError, type RespValue, StatusReply } from "./resp-value.ts";

/** One whole reply, with the very bytes in which it came. */
export interface RespFrame {
  /** Its first byte: `+`, `-`, `$`, `*`, `>` (a push) … */
  readonly type: string;
  readonly value: RespValue;
  readonly raw: readonly Buffer[];
  /** Where the header and each item of the outermost array end, counted in bytes; only when asked for. */
  readonly ends: readonly number[];
}

interface Level {
  type: string;
  left: number;
  seen: number;
  items: RespValue[];
}

interface Bulk {
  type: string;
  left: number;
  length: number;
  kept: Buffer[];
  keptBytes: number;
}

/** Reads replies (RESP2 and RESP3) from chunks of any size, each byte once. */
export class RespReader {
  /** Note the ends of items (`ends`): costs a number for each. */
  markEnds = false;
  /** Tell simple strings from bulk strings, as StatusReply. */
  keepStatuses = false;
  readonly #onFrame: (frame: RespFrame) => void;
  /** Longer strings keep this many bytes and say how long they were. */
  readonly #keepBytes: number;
  readonly #keepItems: number;
  #line = "";
  #bulk: Bulk | undefined;
  #levels: Level[] = [];
  #type = "";
  #raw: Buffer[] = [];
  #rawBytes = 0;
  #ends: number[] = [];

  constructor(
    onFrame: (frame: RespFrame) => void,
    keep: { bytes: number; items: number } = { bytes: Infinity, items: Infinity },
  ) {
    this.#onFrame = onFrame;
    this.#keepBytes = keep.bytes;
    this.#keepItems = keep.items;
  }

  /** Takes the next bytes; calls back for each reply that they complete. */
  feed(chunk: Buffer): void {
    let at = 0;
    let start = 0;
    while (at < chunk.length) {
      let value: RespValue | undefined;
      if (this.#bulk === undefined) {
        const end = chunk.indexOf(10, at);
        if (end < 0) {
          this.#line += chunk.toString("latin1", at);
          break;
        }
        const line = this.#line + chunk.toString("latin1", at, end);
        this.#line = "";
        at = end + 1;
        value = this.#readLine(line.endsWith("\r") ? line.slice(0, -1) : line);
      } else {
        const taken = Math.min(this.#bulk.left, chunk.length - at);
        value = this.#readBulk(this.#bulk, chunk.subarray(at, at + taken));
        at += taken;
      }
      const whole = value === undefined ? undefined : this.#close(value, at - start);
      if (whole === undefined) continue;
      this.#raw.push(chunk.subarray(start, at));
      const frame = { type: this.#type, value: whole, raw: this.#raw, ends: this.#ends };
      start = at;
      this.#type = "";
      this.#raw = [];
      this.#rawBytes = 0;
      this.#ends = [];
      this.#onFrame(frame);
    }
    if (start < chunk.length) {
      this.#raw.push(chunk.subarray(start));
      this.#rawBytes += chunk.length - start;
    }
  }

  /** A header or a value of one line. Undefined: more must come. */
  #readLine(line: string): RespValue | undefined {
    const type = line.charAt(0);
    const rest = line.slice(1);
    if (this.#type === "") this.#type = type;
    switch (type) {
      case "+":
        return this.keepStatuses ? new StatusReply(fromLine(rest)) : fromLine(rest);
      case "-":
        return new RespError(fromLine(rest));
      case ":":
        return toInteger(rest);
      case ",":
        return toDouble(rest);
      case "#":
        return rest === "t";
      case "(":
        return BigInt(rest);
      case "_":
        return null;
      case "$":
      case "!":
      case "=": {
        const length = Number(rest);
        if (length < 0) return null;
        this.#bulk = { type, left: length + 2, length, kept: [], keptBytes: 0 };
        return undefined;
      }
      case "*":
      case ">":
      case "~":
      case "%":
      case "|": {
        const count = Number(rest);
        if (count < 0) return null;
        const left = type === "%" || type === "|" ? count * 2 : count;
        this.#levels.push({ type, left, seen: 0, items: [] });
        return left === 0 ? this.#levels.pop()?.items && empty(type) : undefined;
      }
      default:
        throw new Error(`Not a reply of Redis: ${JSON.stringify(line.slice(0, 60))}`);
    }
  }

  #readBulk(bulk: Bulk, part: Buffer): RespValue | undefined {
    const body = bulk.left > 2 ? part.subarray(0, bulk.left - 2) : part.subarray(0, 0);
    const wanted = Math.min(body.length, this.#keepBytes - bulk.keptBytes);
    if (wanted > 0) {
      bulk.kept.push(body.subarray(0, wanted));
      bulk.keptBytes += wanted;
    }
    bulk.left -= part.length;
    if (bulk.left > 0) return undefined;
    this.#bulk = undefined;
    const [only] = bulk.kept;
    const bytes = bulk.kept.length === 1 && only !== undefined ? only : Buffer.concat(bulk.kept);
    if (bulk.keptBytes < bulk.length) {
      return `${bytes.toString("utf8")}… (${bulk.length} bytes)`;
    }
    if (bulk.type === "!") return new RespError(bytes.toString("utf8"));
    if (bulk.type === "=") return bytes.toString("utf8").slice(4);
    return fromBytes(bytes);
  }

  /** Puts a value into its array, and that one into its own, as they become whole. */
  #close(value: RespValue, bytesHere: number): RespValue | undefined {
    let whole = value;
    for (;;) {
      const level = this.#levels.at(-1);
      if (level === undefined) return whole;
      level.left -= 1;
      level.seen += 1;
      if (level.seen <= this.#keepItems) level.items.push(whole);
      if (this.markEnds && this.#levels.length === 1) this.#ends.push(this.#rawBytes + bytesHere);
      if (level.left > 0) return undefined;
      this.#levels.pop();
      if (level.type === "|") {
        // Attributes stand before the reply that they describe.
        if (this.#levels.length === 0) this.#type = "";
        return undefined;
      }
      if (level.seen > this.#keepItems) level.items.push(`… (${level.seen} items)`);
      whole = level.type === "%" ? toMap(level.items) : level.items;
    }
  }
}

function empty(type: string): RespValue | undefined {
  if (type === "|") return undefined;
  return type === "%" ? new Map() : [];
}

function toMap(items: RespValue[]): Map<RespValue, RespValue> {
  const map = new Map<RespValue, RespValue>();
  for (let at = 0; at + 1 < items.length; at += 2)
    map.set(items[at] ?? null, items[at + 1] ?? null);
  return map;
}

function fromLine(line: string): string {
  for (let at = 0; at < line.length; at += 1) {
    if (line.charCodeAt(at) > 127) return Buffer.from(line, "latin1").toString("utf8");
  }
  return line;
}

function toInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function toDouble(text: string): number {
  if (text === "inf") return Infinity;
  if (text === "-inf") return -Infinity;
  return text === "nan" ? NaN : Number(text);
}
