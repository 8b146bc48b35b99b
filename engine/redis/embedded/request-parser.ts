import { splitInline } from "./split-inline.ts";

const LONGEST_LINE = 64 * 1024;
const LONGEST_BULK = 512 * 1024 * 1024;
const MOST_ARGUMENTS = 2 ** 31 - 1;
/** From this size on a bulk that has not come whole is collected in a buffer of its own. */
const BIG_BULK = 32 * 1024;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const ASTERISK = 42;
const DOLLAR = 36;

/** The client sent something that is no request; Redis answers with the text and closes. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/**
 * Cuts a stream of bytes into requests: arrays of bulk strings, or inline commands. Half a request
 * waits for the rest. The arguments are slices of the chunks.
 */
export class RequestParser {
  readonly #chunks: Buffer[] = [];
  #queuedBytes = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #missing = 0;
  #bulkLength = -1;
  #big: Buffer | undefined;
  #bigFilled = 0;
  #args: Buffer[] = [];

  /** Bytes that were pushed and are not yet part of an answered request. */
  get waitingBytes(): number {
    return this.#queuedBytes + this.#buffer.length - this.#at + this.#bigFilled;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#queuedBytes += chunk.length;
  }

  /**
   * The next whole request, or undefined if it has not come yet. Empty requests are passed over.
   * @throws ProtocolError
   */
  next(): Buffer[] | undefined {
    for (;;) {
      const request = this.#parse();
      if (request) return request;
      if (!this.#pull()) return undefined;
    }
  }

  #pull(): boolean {
    const chunk = this.#chunks.shift();
    if (!chunk) return false;
    this.#queuedBytes -= chunk.length;
    this.#buffer =
      this.#at >= this.#buffer.length
        ? chunk
        : Buffer.concat([this.#buffer.subarray(this.#at), chunk]);
    this.#at = 0;
    return true;
  }

  #parse(): Buffer[] | undefined {
    for (;;) {
      if (this.#missing > 0) {
        if (!this.#readBulk()) return undefined;
        this.#missing -= 1;
        if (this.#missing > 0) continue;
        const args = this.#args;
        this.#args = [];
        return args;
      }
      if (this.#at >= this.#buffer.length) return undefined;
      if (this.#buffer[this.#at] === ASTERISK) {
        if (!this.#readCount()) return undefined;
      } else {
        const words = this.#readInline();
        if (!words) return undefined;
        if (words.length > 0) return words;
      }
    }
  }

  #readCount(): boolean {
    const line = this.#readLine("too big mbulk count string");
    if (line === undefined) return false;
    const count = toInteger(line.slice(1));
    if (count === undefined || count > MOST_ARGUMENTS) {
      throw new ProtocolError("invalid multibulk length");
    }
    this.#missing = Math.max(count, 0);
    return true;
  }

  #readBulk(): boolean {
    if (this.#big) return this.#fillBig(this.#big);
    if (this.#bulkLength < 0 && !this.#readBulkHead()) return false;
    const available = this.#buffer.length - this.#at;
    if (available >= this.#bulkLength + 2) {
      this.#args.push(this.#buffer.subarray(this.#at, this.#at + this.#bulkLength));
      this.#at += this.#bulkLength + 2;
      this.#bulkLength = -1;
      return true;
    }
    if (this.#bulkLength < BIG_BULK) return false;
    // Grown as bytes come, so that a great length alone takes no memory.
    this.#big = Buffer.allocUnsafe(Math.min(this.#bulkLength + 2, 1024 * 1024));
    this.#bigFilled = 0;
    return this.#fillBig(this.#big);
  }

  #fillBig(target: Buffer): boolean {
    const whole = this.#bulkLength + 2;
    const take = Math.min(whole - this.#bigFilled, this.#buffer.length - this.#at);
    let big = target;
    if (this.#bigFilled + take > big.length) {
      big = Buffer.allocUnsafe(Math.min(whole, Math.max(this.#bigFilled + take, big.length * 2)));
      target.copy(big, 0, 0, this.#bigFilled);
      this.#big = big;
    }
    this.#buffer.copy(big, this.#bigFilled, this.#at, this.#at + take);
    this.#bigFilled += take;
    this.#at += take;
    if (this.#bigFilled < whole) return false;
    this.#args.push(big.subarray(0, this.#bulkLength));
    this.#big = undefined;
    this.#bigFilled = 0;
    this.#bulkLength = -1;
    return true;
  }

  #readBulkHead(): boolean {
    const first = this.#buffer[this.#at];
    const line = this.#readLine("too big bulk count string");
    if (line === undefined) return false;
    if (first !== DOLLAR) {
      throw new ProtocolError(`expected '$', got '${String.fromCharCode(first ?? 0)}'`);
    }
    const length = toInteger(line.slice(1));
    if (length === undefined || length < 0 || length > LONGEST_BULK) {
      throw new ProtocolError("invalid bulk length");
    }
    this.#bulkLength = length;
    return true;
  }

  #readLine(tooLong: string): string | undefined {
    const end = this.#buffer.indexOf(CARRIAGE_RETURN, this.#at);
    if (end < 0 || end + 1 >= this.#buffer.length) {
      if (this.#buffer.length - this.#at > LONGEST_LINE) throw new ProtocolError(tooLong);
      return undefined;
    }
    const line = this.#buffer.toString("latin1", this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #readInline(): Buffer[] | undefined {
    const end = this.#buffer.indexOf(NEWLINE, this.#at);
    if (end < 0) {
      if (this.#buffer.length - this.#at > LONGEST_LINE) {
        throw new ProtocolError("too big inline request");
      }
      return undefined;
    }
    const stop = end > this.#at && this.#buffer[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    const words = splitInline(this.#buffer.toString("latin1", this.#at, stop));
    this.#at = end + 1;
    if (!words) throw new ProtocolError("unbalanced quotes in request");
    return words.map((word) => Buffer.from(word, "latin1"));
  }
}

function toInteger(text: string): number | undefined {
  return /^(?:0|-?[1-9]\d{0,17})$/.test(text) ? Number(text) : undefined;
}
