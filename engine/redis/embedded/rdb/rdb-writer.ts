import { readLong } from "../parse-arguments.ts";
import { compressLzf } from "./lzf.ts";

const LONGEST_INTEGER = 11;
const LONGEST_PLAIN = 20;

/** Collects what an RDB file holds of one value. */
export class RdbWriter {
  readonly #parts: Buffer[] = [];

  take(): Buffer {
    return Buffer.concat(this.#parts.splice(0));
  }

  raw(bytes: Buffer): void {
    this.#parts.push(bytes);
  }

  byte(value: number): void {
    this.#parts.push(Buffer.of(value));
  }

  length(value: number | bigint): void {
    if (value < 64) this.byte(Number(value));
    else if (value < 16_384) {
      this.raw(Buffer.of(0x40 | (Number(value) >> 8), Number(value) & 0xff));
    } else if (value < 2 ** 32) {
      const bytes = Buffer.alloc(5, 0x80);
      bytes.writeUInt32BE(Number(value), 1);
      this.raw(bytes);
    } else {
      const bytes = Buffer.alloc(9, 0x81);
      bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), 1);
      this.raw(bytes);
    }
  }

  /** As an integer where it is a small one, compressed where that is shorter. */
  string(bytes: Buffer): void {
    const integer = bytes.length <= LONGEST_INTEGER ? readLong(bytes) : undefined;
    if (integer !== undefined && BigInt.asIntN(32, integer) === integer) {
      this.#integer(Number(integer));
      return;
    }
    const compressed = bytes.length > LONGEST_PLAIN ? compressLzf(bytes) : undefined;
    if (compressed) {
      this.byte(0xc3);
      this.length(compressed.length);
      this.length(bytes.length);
      this.raw(compressed);
    } else {
      this.length(bytes.length);
      this.raw(bytes);
    }
  }

  double(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.raw(bytes);
  }

  milliseconds(value: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    this.raw(bytes);
  }

  #integer(value: number): void {
    const size = value >= -128 && value <= 127 ? 1 : value >= -32_768 && value <= 32_767 ? 2 : 4;
    const bytes = Buffer.alloc(size + 1);
    bytes[0] = 0xc0 | (size >> 1);
    bytes.writeIntLE(value, 1, size);
    this.raw(bytes);
  }
}
