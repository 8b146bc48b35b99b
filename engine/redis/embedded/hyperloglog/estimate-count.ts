import { REGISTERS } from "./registers.ts";

/** The highest value of a register is one more. */
const HASH_BITS = 50;
const ALPHA = 0.721_347_520_444_481_7;

/**
 * How many different elements registers stand for, by the estimator of Otmar Ertl ("New cardinality
 * estimation algorithms for HyperLogLog sketches", arXiv:1702.01284), which Redis uses.
 */
export function estimateCount(registers: Uint8Array): number {
  const histogram = Array.from({ length: 64 }, () => 0);
  for (const value of registers) histogram[value] = (histogram[value] ?? 0) + 1;
  let sum = REGISTERS * tau((REGISTERS - (histogram[HASH_BITS + 1] ?? 0)) / REGISTERS);
  for (let value = HASH_BITS; value >= 1; value--) sum = (sum + (histogram[value] ?? 0)) * 0.5;
  sum += REGISTERS * sigma((histogram[0] ?? 0) / REGISTERS);
  return Math.round((ALPHA * REGISTERS * REGISTERS) / sum);
}

function sigma(share: number): number {
  if (share === 1) return Infinity;
  let power = share;
  let factor = 1;
  let sum = share;
  for (let before = Number.NaN; before !== sum;) {
    power *= power;
    before = sum;
    sum += power * factor;
    factor += factor;
  }
  return sum;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let root = share;
  let factor = 1;
  let sum = 1 - share;
  for (let before = Number.NaN; before !== sum;) {
    root = Math.sqrt(root);
    before = sum;
    factor *= 0.5;
    sum -= (1 - root) * (1 - root) * factor;
  }
  return sum / 3;
}
