/** A HyperLogLog of Redis has so many registers of 6 bits. */
export const REGISTERS = 16_384;

/** Registers that can be raised one by one. */
export interface Registers {
  /** As they are in the string, behind the header. */
  readonly bytes: Buffer;
  /**
   * Raises a register to `value`, if it is lower: `changed`. `unable`: this form cannot hold it.
   * `corrupt`: there is no such register.
   */
  raise(index: number, value: number): "same" | "changed" | "unable" | "corrupt";
  /** All of them; undefined if there are not exactly REGISTERS. */
  toArray(): Uint8Array | undefined;
}
