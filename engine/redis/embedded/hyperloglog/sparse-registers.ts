import { REGISTERS, type Registers } from "./registers.ts";

const HIGHEST_VALUE = 32;
const LONGEST_RUN_OF_A_VALUE = 4;
const LONGEST_SHORT_RUN = 64;
/** Redis looks for runs that can be joined from the one before the changed one on. */
const RUNS_LOOKED_AT = 5;
const IS_VALUE = 0x80;
const IS_LONG = 0x40;

/**
 * Registers as runs of the same value, a byte or two each. How runs are split and joined is Redis's
 * way, to the byte: GET, STRLEN and the moment at which the form becomes dense show it.
 */
export class SparseRegisters implements Registers {
  constructor(
    public bytes: Buffer,
    /** More bytes than this it may not take. */
    readonly mostBytes: number,
  ) {}

  static empty(mostBytes: number): SparseRegisters {
    return new SparseRegisters(Buffer.from(zeros(REGISTERS)), mostBytes);
  }

  raise(index: number, value: number): "same" | "changed" | "unable" | "corrupt" {
    if (value > HIGHEST_VALUE) return "unable";
    const { bytes } = this;
    let at = 0;
    let before = 0;
    let first = 0;
    while (at < bytes.length && index >= first + this.#length(at)) {
      first += this.#length(at);
      before = at;
      at += this.#size(at);
    }
    if (at >= bytes.length) return "corrupt";
    if (this.#value(at) >= value) return "same";
    const parts = this.#split(at, index - first, value);
    const growth = parts.length - this.#size(at);
    if (growth > 0 && bytes.length + growth > this.mostBytes) return "unable";
    if (growth === 0) for (const [step, byte] of parts.entries()) bytes[at + step] = byte;
    else this.#replace(at, this.#size(at), parts);
    this.#join(before);
    return "changed";
  }

  #size(at: number): 1 | 2 {
    return ((this.bytes[at] ?? 0) & (IS_VALUE | IS_LONG)) === IS_LONG ? 2 : 1;
  }

  #value(at: number): number {
    const byte = this.bytes[at] ?? 0;
    return byte & IS_VALUE ? ((byte >> 2) & 31) + 1 : 0;
  }

  #length(at: number): number {
    const byte = this.bytes[at] ?? 0;
    if (byte & IS_VALUE) return (byte & 3) + 1;
    return byte & IS_LONG ? ((byte & 63) << 8) + (this.bytes[at + 1] ?? 0) + 1 : byte + 1;
  }

  /** The run at a place with another value for one of its registers. */
  #split(at: number, place: number, value: number): number[] {
    const [length, old] = [this.#length(at), this.#value(at)];
    const part = (count: number): number[] =>
      count === 0 ? [] : old === 0 ? zeros(count) : [run(old, count)];
    return [...part(place), run(value, 1), ...part(length - 1 - place)];
  }

  #replace(at: number, size: number, parts: readonly number[]): void {
    this.bytes = Buffer.concat([
      this.bytes.subarray(0, at),
      Buffer.from(parts),
      this.bytes.subarray(at + size),
    ]);
  }

  #join(from: number): void {
    let at = from;
    for (let looks = 0; looks < RUNS_LOOKED_AT && at < this.bytes.length; looks++) {
      const [value, next] = [this.#value(at), this.#value(at + 1)];
      const length = this.#length(at) + this.#length(at + 1);
      if (value > 0 && value === next && length <= LONGEST_RUN_OF_A_VALUE) {
        this.#replace(at, 2, [run(value, length)]);
      } else at += this.#size(at);
    }
  }

  toArray(): Uint8Array | undefined {
    const values = new Uint8Array(REGISTERS);
    let index = 0;
    for (let at = 0; at < this.bytes.length; at += this.#size(at)) {
      const value = this.#value(at);
      const end = index + this.#length(at);
      if (value > 0) values.fill(value, index, end);
      index = end;
    }
    return index === REGISTERS ? values : undefined;
  }
}

function run(value: number, length: number): number {
  return IS_VALUE | ((value - 1) << 2) | (length - 1);
}

function zeros(length: number): number[] {
  if (length <= LONGEST_SHORT_RUN) return [length - 1];
  return [IS_LONG | ((length - 1) >> 8), (length - 1) & 255];
}
