import { formatDouble } from "./format-double.ts";
import {
  BigNumberReply,
  BooleanReply,
  DoubleReply,
  EncodedReply,
  ErrorReply,
  MapReply,
  NilArray,
  NoReply,
  PushReply,
  type Reply,
  SetReply,
  SimpleString,
  VerbatimReply,
} from "./reply.ts";

export type Protocol = 2 | 3;

const FIRST_CAPACITY = 4096;

/**
 * Turns replies into bytes. Bytes of values are copied at once, so a value may be changed in place
 * after its reply has been written.
 */
export class ReplyEncoder {
  #buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
  #length = 0;

  /** How many bytes `take` would answer. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written since the last call. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
    this.#length = 0;
    return taken;
  }

  write(reply: Reply, protocol: Protocol): void {
    if (Buffer.isBuffer(reply)) this.#bulk(reply);
    else if (typeof reply === "number" || typeof reply === "bigint") this.#line(`:${reply}\r\n`);
    else if (reply === null) this.#line(protocol === 3 ? "_\r\n" : "$-1\r\n");
    else if (reply instanceof SimpleString) this.#line(`+${reply.text}\r\n`);
    else if (reply instanceof ErrorReply) this.#line(`-${oneLine(reply.text)}\r\n`);
    else if (reply instanceof NilArray) this.#line(protocol === 3 ? "_\r\n" : "*-1\r\n");
    else if (reply instanceof NoReply) return;
    else if (reply instanceof MapReply) this.#map(reply, protocol);
    else if (reply instanceof SetReply)
      this.#items(protocol === 3 ? "~" : "*", reply.items, protocol);
    else if (reply instanceof PushReply)
      this.#items(protocol === 3 ? ">" : "*", reply.items, protocol);
    else if (reply instanceof DoubleReply) this.#double(reply.value, protocol);
    else if (reply instanceof BooleanReply) this.#boolean(reply.value, protocol);
    else if (reply instanceof VerbatimReply) this.#verbatim(reply, protocol);
    else if (reply instanceof BigNumberReply) {
      if (protocol === 3) this.#line(`(${reply.digits}\r\n`);
      else this.#bulk(Buffer.from(reply.digits, "latin1"));
    } else if (reply instanceof EncodedReply) this.#raw(reply.bytes);
    else this.#items("*", reply, protocol);
  }

  /** The head of an array whose `length` items are written next. */
  writeArrayHead(length: number): void {
    this.#line(`*${length}\r\n`);
  }

  #items(mark: string, items: readonly Reply[], protocol: Protocol): void {
    this.#line(`${mark}${items.length}\r\n`);
    for (const item of items) this.write(item, protocol);
  }

  #map(reply: MapReply, protocol: Protocol): void {
    const count = reply.pairs.length;
    this.#line(protocol === 3 ? `%${count}\r\n` : `*${count * 2}\r\n`);
    for (const [key, value] of reply.pairs) {
      this.write(key, protocol);
      this.write(value, protocol);
    }
  }

  #double(value: number, protocol: Protocol): void {
    const text = formatDouble(value);
    this.#line(protocol === 3 ? `,${text}\r\n` : `$${text.length}\r\n${text}\r\n`);
  }

  #boolean(value: boolean, protocol: Protocol): void {
    if (protocol === 3) this.#line(value ? "#t\r\n" : "#f\r\n");
    else this.#line(value ? ":1\r\n" : ":0\r\n");
  }

  #verbatim(reply: VerbatimReply, protocol: Protocol): void {
    if (protocol === 2) {
      this.#bulk(reply.bytes);
      return;
    }
    this.#line(`=${reply.bytes.length + 4}\r\n${reply.format}:`);
    this.#raw(reply.bytes);
    this.#line("\r\n");
  }

  #bulk(bytes: Buffer): void {
    this.#line(`$${bytes.length}\r\n`);
    this.#raw(bytes);
    this.#line("\r\n");
  }

  #raw(bytes: Buffer): void {
    this.#reserve(bytes.length);
    bytes.copy(this.#buffer, this.#length);
    this.#length += bytes.length;
  }

  #line(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#buffer.write(text, this.#length, "latin1");
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

/** Redis replaces line ends in error texts by blanks, since they would end the reply. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, " ");
}
