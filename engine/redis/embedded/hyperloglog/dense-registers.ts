import { REGISTERS, type Registers } from "./registers.ts";

export const DENSE_BYTES = (REGISTERS * 6) / 8;

/** Registers of 6 bits, one after the other from the lowest bit. */
export class DenseRegisters implements Registers {
  readonly #values: Uint8Array;

  constructor(values: Uint8Array) {
    this.#values = Uint8Array.from(values);
  }

  static read(bytes: Buffer): DenseRegisters {
    const values = new Uint8Array(REGISTERS);
    // Four registers are three bytes.
    for (let at = 0, index = 0; index < REGISTERS; at += 3, index += 4) {
      const three = bytes.readUIntLE(at, 3);
      for (let part = 0; part < 4; part++) values[index + part] = (three >> (6 * part)) & 63;
    }
    return new DenseRegisters(values);
  }

  raise(index: number, value: number): "same" | "changed" {
    if ((this.#values[index] ?? 0) >= value) return "same";
    this.#values[index] = value;
    return "changed";
  }

  toArray(): Uint8Array {
    return this.#values;
  }

  toBytes(): Buffer {
    const bytes = Buffer.alloc(DENSE_BYTES);
    for (let at = 0, index = 0; index < REGISTERS; at += 3, index += 4) {
      let three = 0;
      for (let part = 0; part < 4; part++) three |= (this.#values[index + part] ?? 0) << (6 * part);
      bytes.writeUIntLE(three, at, 3);
    }
    return bytes;
  }
}
