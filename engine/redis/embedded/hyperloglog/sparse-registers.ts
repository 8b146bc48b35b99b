import { REGISTERS, type Registers } from "./registers.ts";

const HIGHEST_VALUE = 32;
const LONGEST_RUN_OF_A_VALUE = 4;
const LONGEST_SHORT_RUN = 64;
/** Redis looks for runs that can be joined from the one before the changed one on. */
const RUNS_LOOKED_AT = 5;

/** Registers of the same value, one after the other. */
interface Run {
  readonly value: number;
  readonly length: number;
  /** 2 for a run of zeros with a length of 14 bits. */
  readonly bytes: 1 | 2;
}

/**
 * Registers as runs. How runs are split and joined is Redis's way, to the byte: GET, STRLEN and the
 * moment at which the form becomes dense show it.
 */
export class SparseRegisters implements Registers {
  readonly #runs: Run[];
  #bytes: number;

  private constructor(
    runs: Run[],
    /** More bytes than this it may not take. */
    readonly mostBytes: number,
  ) {
    this.#runs = runs;
    this.#bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  }

  static empty(mostBytes: number): SparseRegisters {
    return new SparseRegisters([zeros(REGISTERS)], mostBytes);
  }

  static read(bytes: Buffer, mostBytes: number): SparseRegisters {
    const runs: Run[] = [];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte & 0x80) {
        runs.push({ value: ((byte >> 2) & 31) + 1, length: (byte & 3) + 1, bytes: 1 });
      } else if (byte & 0x40) {
        at += 1;
        runs.push({ value: 0, length: ((byte & 63) << 8) + (bytes[at] ?? 0) + 1, bytes: 2 });
      } else runs.push({ value: 0, length: (byte & 63) + 1, bytes: 1 });
    }
    return new SparseRegisters(runs, mostBytes);
  }

  raise(index: number, value: number): "same" | "changed" | "unable" | "corrupt" {
    if (value > HIGHEST_VALUE) return "unable";
    let at = 0;
    let first = 0;
    let run = this.#runs[0];
    while (run && index >= first + run.length) {
      first += run.length;
      at += 1;
      run = this.#runs[at];
    }
    if (!run) return "corrupt";
    if (run.value >= value) return "same";
    const parts = split(run, index - first, value);
    const growth = parts.reduce((sum, part) => sum + part.bytes, 0) - run.bytes;
    if (growth > 0 && this.#bytes + growth > this.mostBytes) return "unable";
    this.#runs.splice(at, 1, ...parts);
    this.#bytes += growth;
    this.#join(Math.max(at - 1, 0));
    return "changed";
  }

  #join(from: number): void {
    let at = from;
    for (let looks = 0; looks < RUNS_LOOKED_AT && at < this.#runs.length; looks++) {
      const [run, next] = [this.#runs[at], this.#runs[at + 1]];
      const length = (run?.length ?? 0) + (next?.length ?? 0);
      const fits = length <= LONGEST_RUN_OF_A_VALUE;
      if (run && next && run.value > 0 && run.value === next.value && fits) {
        this.#runs.splice(at, 2, { value: run.value, length, bytes: 1 });
        this.#bytes -= 1;
      } else at += 1;
    }
  }

  toArray(): Uint8Array | undefined {
    const values = new Uint8Array(REGISTERS);
    let at = 0;
    for (const { value, length } of this.#runs) {
      if (value > 0) values.fill(value, at, at + length);
      at += length;
    }
    return at === REGISTERS ? values : undefined;
  }

  toBytes(): Buffer {
    const bytes: number[] = [];
    for (const { value, length, bytes: size } of this.#runs) {
      if (value > 0) bytes.push(0x80 | ((value - 1) << 2) | (length - 1));
      else if (size === 2) bytes.push(0x40 | ((length - 1) >> 8), (length - 1) & 255);
      else bytes.push(length - 1);
    }
    return Buffer.from(bytes);
  }
}

function zeros(length: number): Run {
  return { value: 0, length, bytes: length > LONGEST_SHORT_RUN ? 2 : 1 };
}

/** A run in which one register has another value. */
function split(run: Run, at: number, value: number): Run[] {
  const part = (length: number): Run =>
    run.value === 0 ? zeros(length) : { value: run.value, length, bytes: 1 };
  const parts: Run[] = [{ value, length: 1, bytes: 1 }];
  if (at > 0) parts.unshift(part(at));
  if (at < run.length - 1) parts.push(part(run.length - 1 - at));
  return parts;
}
