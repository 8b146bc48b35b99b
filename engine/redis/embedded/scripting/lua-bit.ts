import { LuaRaise } from "./lua-raise.ts";

/** The functions of `bit` on numbers; they answer signed 32-bit numbers. */
export const BIT_FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  tobit: (value) => toBit(value),
  bnot: (value) => ~toBit(value),
  band: (...values) => values.reduce((all, value) => all & toBit(value), -1),
  bor: (...values) => values.reduce((all, value) => all | toBit(value), 0),
  bxor: (...values) => values.reduce((all, value) => all ^ toBit(value), 0),
  lshift: (value, count) => toBit(value) << (toBit(count) & 31),
  rshift: (value, count) => (toBit(value) >>> (toBit(count) & 31)) | 0,
  arshift: (value, count) => toBit(value) >> (toBit(count) & 31),
  rol: (value, count) => rotate(toBit(value), toBit(count) & 31),
  ror: (value, count) => rotate(toBit(value), -toBit(count) & 31),
  bswap: (value) => Buffer.from(new Int32Array([toBit(value)]).buffer).readInt32BE(),
};

/** bit.tohex */
export function toHex(value: number, digits = 8): string {
  const count = Math.min(Math.abs(digits), 8);
  const text = (toBit(value) >>> 0).toString(16).padStart(8, "0");
  const shown = count === 0 ? "" : text.slice(-count);
  return digits < 0 ? shown.toUpperCase() : shown;
}

function toBit(value: number | undefined): number {
  if (value === undefined) throw new LuaRaise("bad argument #1 (number expected, got no value)");
  // Numbers are rounded to the nearest, halves to even, before they are cut to 32 bits.
  const floor = Math.floor(value);
  const half = value - floor === 0.5;
  return (half ? floor + (Math.abs(floor) % 2) : Math.round(value)) | 0;
}

function rotate(value: number, count: number): number {
  return count === 0 ? value : (value << count) | (value >>> (32 - count));
}
