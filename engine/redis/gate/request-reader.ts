import { splitInline } from "../embedded/split-inline.ts";

/** One command as a client sent it. */
export interface ClientRequest {
  readonly args: readonly Buffer[];
  readonly raw: readonly Buffer[];
}

const LONGEST_LINE = 64 * 1024;
const MOST_ARGS = 1024 * 1024;
const LONGEST_BULK = 512 * 1024 * 1024;

/** What Redis answers to bytes that are no command, before it closes the connection. */
export class ProtocolError extends Error {}

/** Reads commands from chunks of any size, each byte once. */
export class RequestReader {
  readonly #onRequest: (request: ClientRequest) => void;
  #line = "";
  #argsLeft = 0;
  #args: Buffer[] = [];
  /** Bytes still to come of the argument being read, with its CRLF; 0: a line comes next. */
  #bulkLeft = 0;
  #parts: Buffer[] = [];
  #raw: Buffer[] = [];

  constructor(onRequest: (request: ClientRequest) => void) {
    this.#onRequest = onRequest;
  }

  /** @throws ProtocolError */
  feed(chunk: Buffer): void {
    let at = 0;
    let start = 0;
    while (at < chunk.length) {
      let whole: boolean;
      if (this.#bulkLeft > 0) {
        const taken = Math.min(this.#bulkLeft, chunk.length - at);
        whole = this.#readBulk(chunk.subarray(at, at + taken));
        at += taken;
      } else {
        const end = chunk.indexOf(10, at);
        if (end < 0 && this.#line.length + chunk.length - at > LONGEST_LINE) {
          throw new ProtocolError(
            this.#argsLeft > 0 ? "too big bulk count string" : "too big inline request",
          );
        }
        if (end < 0) {
          this.#line += chunk.toString("latin1", at);
          break;
        }
        const line = this.#line + chunk.toString("latin1", at, end);
        this.#line = "";
        at = end + 1;
        whole = this.#readLine(line.endsWith("\r") ? line.slice(0, -1) : line);
      }
      if (!whole) continue;
      const request = { args: this.#args, raw: [...this.#raw, chunk.subarray(start, at)] };
      start = at;
      this.#args = [];
      this.#raw = [];
      // An empty line or array is no command and gets no answer.
      if (request.args.length > 0) this.#onRequest(request);
    }
    if (start < chunk.length) this.#raw.push(chunk.subarray(start));
  }

  #readLine(line: string): boolean {
    if (this.#argsLeft > 0) {
      const length = Number(line.slice(1));
      if (!line.startsWith("$")) {
        throw new ProtocolError(`expected '$', got '${line.charAt(0)}'`);
      }
      if (line.length < 2 || !Number.isInteger(length) || length < 0 || length > LONGEST_BULK) {
        throw new ProtocolError("invalid bulk length");
      }
      this.#bulkLeft = length + 2;
      return false;
    }
    if (!line.startsWith("*")) {
      const words = splitInline(line);
      if (words === undefined) throw new ProtocolError("unbalanced quotes in request");
      this.#args = words.map((word) => Buffer.from(word, "latin1"));
      return true;
    }
    const count = Number(line.slice(1));
    if (line.length < 2 || !Number.isInteger(count) || count > MOST_ARGS) {
      throw new ProtocolError("invalid multibulk length");
    }
    this.#argsLeft = Math.max(0, count);
    return count <= 0;
  }

  #readBulk(part: Buffer): boolean {
    const body = this.#bulkLeft > 2 ? part.subarray(0, this.#bulkLeft - 2) : undefined;
    if (body !== undefined) this.#parts.push(body);
    this.#bulkLeft -= part.length;
    if (this.#bulkLeft > 0) return false;
    const [only] = this.#parts;
    this.#args.push(this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts));
    this.#parts = [];
    this.#argsLeft -= 1;
    return this.#argsLeft === 0;
  }
}
