import { REGISTERS, type Registers } from "./registers.ts";

export const DENSE_BYTES = (REGISTERS * 6) / 8;

/** Registers of 6 bits, one after the other from the lowest bit; changed in place. */
export class DenseRegisters implements Registers {
  constructor(readonly bytes: Buffer) {}

  static of(values: Uint8Array): DenseRegisters {
    const registers = new DenseRegisters(Buffer.alloc(DENSE_BYTES));
    for (const [index, value] of values.entries()) if (value > 0) registers.raise(index, value);
    return registers;
  }

  raise(index: number, value: number): "same" | "changed" {
    // Four registers are three bytes.
    const at = (index >> 2) * 3;
    const shift = (index & 3) * 6;
    const three = this.bytes.readUIntLE(at, 3);
    if (((three >> shift) & 63) >= value) return "same";
    this.bytes.writeUIntLE((three & ~(63 << shift)) | (value << shift), at, 3);
    return "changed";
  }

  toArray(): Uint8Array {
    const values = new Uint8Array(REGISTERS);
    for (let at = 0, index = 0; index < REGISTERS; at += 3, index += 4) {
      const three = this.bytes.readUIntLE(at, 3);
      for (let part = 0; part < 4; part++) values[index + part] = (three >> (6 * part)) & 63;
    }
    return values;
  }
}
