import { bulk } from "../reply.ts";
import { expandLzf } from "./lzf.ts";

/** The bytes are not what they should be; RESTORE answers `Bad data format`. */
export class BadDataError extends Error {
  override readonly name = "BadDataError";
}

/** Reads what an RDB file holds of one value. */
export class RdbReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  raw(length: number): Buffer {
    if (this.#at + length > this.bytes.length) throw new BadDataError("it is cut off");
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.raw(1).readUInt8(0);
  }

  length(): number {
    return Number(this.long());
  }

  /** A length of up to 64 bits. */
  long(): bigint {
    const first = this.byte();
    if (first >= 0xc0) throw new BadDataError("an encoding in place of a length");
    return this.#long(first);
  }

  string(): Buffer {
    const first = this.byte();
    if (first < 0xc0) return this.raw(Number(this.#long(first)));
    const form = first & 0x3f;
    if (form < 3) {
      const size = 1 << form;
      return bulk(String(this.raw(size).readIntLE(0, size)));
    }
    if (form > 3) throw new BadDataError("an encoding that nobody knows");
    const compressed = this.length();
    const length = this.length();
    const expanded = length === 0 ? undefined : expandLzf(this.raw(compressed), length);
    if (!expanded) throw new BadDataError("LZF that does not expand");
    return expanded;
  }

  double(): number {
    return this.raw(8).readDoubleLE(0);
  }

  milliseconds(): number {
    return Number(this.raw(8).readBigInt64LE(0));
  }

  #long(first: number): bigint {
    if (first < 0x40) return BigInt(first);
    if (first < 0x80) return BigInt(((first & 0x3f) << 8) | this.byte());
    if (first === 0x80) return BigInt(this.raw(4).readUInt32BE(0));
    if (first === 0x81) return this.raw(8).readBigUInt64BE(0);
    throw new BadDataError("a length that is none");
  }
}
