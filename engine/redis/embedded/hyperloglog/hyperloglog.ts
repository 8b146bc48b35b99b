import { DENSE_BYTES, DenseRegisters } from "./dense-registers.ts";
import { estimateCount } from "./estimate-count.ts";
import { murmurHash } from "./murmur-hash.ts";
import { REGISTERS, type Registers } from "./registers.ts";
import { SparseRegisters } from "./sparse-registers.ts";

const MAGIC = "HYLL";
const HEADER_BYTES = 16;
const FORM_AT = 4;
const COUNT_AT = 8;
/** Set when the count in the header is not that of the registers. */
const STALE_AT = 15;
const STALE = 0x80;
const DENSE = 0;
const SPARSE = 1;
const SEED = 0xadc8_3b19n;
const INDEX_BITS = 14n;
const HASH_BITS = 50;
/** Redis's `hll-sparse-max-bytes`, of which the header is part. */
const MOST_SPARSE_BYTES = 3000 - HEADER_BYTES;

/** A HyperLogLog, read from and written to the bytes of a string as Redis lays them out. */
export class HyperLogLog {
  readonly #header: Buffer;
  #registers: Registers;

  private constructor(header: Buffer, registers: Registers) {
    this.#header = header;
    this.#registers = registers;
  }

  static empty(): HyperLogLog {
    const header = Buffer.alloc(HEADER_BYTES);
    header.write(MAGIC, "latin1");
    header[FORM_AT] = SPARSE;
    return new HyperLogLog(header, SparseRegisters.empty(MOST_SPARSE_BYTES));
  }

  /**
   * Undefined if the bytes are not of a HyperLogLog. Its registers may still be corrupt. The bytes
   * are changed in place where their number stays the same; `toBytes` tells where they are then.
   */
  static read(bytes: Buffer): HyperLogLog | undefined {
    if (bytes.length < HEADER_BYTES || bytes.toString("latin1", 0, 4) !== MAGIC) return undefined;
    const header = bytes.subarray(0, HEADER_BYTES);
    const rest = bytes.subarray(HEADER_BYTES);
    const form = header[FORM_AT];
    if (form === DENSE && rest.length === DENSE_BYTES) {
      return new HyperLogLog(header, new DenseRegisters(rest));
    }
    if (form !== SPARSE) return undefined;
    return new HyperLogLog(header, new SparseRegisters(rest, MOST_SPARSE_BYTES));
  }

  get isDense(): boolean {
    return this.#header[FORM_AT] === DENSE;
  }

  /** All registers; undefined if they are corrupt. */
  get registers(): Uint8Array | undefined {
    return this.#registers.toArray();
  }

  /** The count that the header holds; undefined if it is not that of the registers. */
  get knownCount(): bigint | undefined {
    if ((this.#header[STALE_AT] ?? 0) & STALE) return undefined;
    return this.#header.readBigUInt64LE(COUNT_AT);
  }

  /** Estimates the count and keeps it in the header; undefined if the registers are corrupt. */
  count(): number | undefined {
    const { registers } = this;
    if (!registers) return undefined;
    const count = estimateCount(registers);
    this.#header.writeBigUInt64LE(BigInt(count), COUNT_AT);
    return count;
  }

  /** Answers whether a register was raised; undefined if the registers are corrupt. */
  add(element: Buffer): boolean | undefined {
    const hash = murmurHash(element, SEED);
    const index = Number(hash & (BigInt(REGISTERS) - 1n));
    let bits = hash >> INDEX_BITS;
    let value = 1;
    while (value <= HASH_BITS && (bits & 1n) === 0n) {
      bits >>= 1n;
      value += 1;
    }
    return this.raise(index, value);
  }

  /** As `add`, for a register that is known. */
  raise(index: number, value: number): boolean | undefined {
    let outcome = this.#registers.raise(index, value);
    if (outcome === "unable") {
      if (!this.makeDense()) return undefined;
      outcome = this.#registers.raise(index, value);
    }
    return outcome === "corrupt" ? undefined : outcome === "changed";
  }

  /** Answers false if the registers are corrupt. */
  makeDense(): boolean {
    if (this.isDense) return true;
    const { registers } = this;
    if (!registers) return false;
    this.#registers = DenseRegisters.of(registers);
    this.#header[FORM_AT] = DENSE;
    return true;
  }

  /** Marks the count in the header as out of date. */
  forgetCount(): void {
    this.#header[STALE_AT] = (this.#header[STALE_AT] ?? 0) | STALE;
  }

  toBytes(): Buffer {
    const { bytes } = this.#registers;
    const isInPlace =
      bytes.buffer === this.#header.buffer &&
      bytes.byteOffset === this.#header.byteOffset + HEADER_BYTES;
    if (!isInPlace) return Buffer.concat([this.#header, bytes]);
    return Buffer.from(bytes.buffer, this.#header.byteOffset, HEADER_BYTES + bytes.length);
  }
}
