// LZF as liblzf compresses with the settings of Redis (HLOG 16, VERY_FAST): the same bytes come out,
// so this follows lzf_c.c step by step.
const HASH_BITS = 16;
const LONGEST_LITERAL = 32;
const FARTHEST = 8192;
const LONGEST_MATCH = 264;
const UNROLLED = 16;

/** The compressed bytes; undefined where they would not be shorter by at least four. */
export function compressLzf(input: Buffer): Buffer | undefined {
  const end = input.length;
  const outEnd = end - 4;
  if (outEnd <= 0) return undefined;
  const output = Buffer.alloc(outEnd + 40);
  // Places in the input, from 1 on; Redis never refers to the first byte.
  const table = new Int32Array(1 << HASH_BITS);
  const byteAt = (at: number): number => input[at] ?? 0;
  const slotOf = (at: number): number => {
    const hash = (byteAt(at) << 16) | (byteAt(at + 1) << 8) | byteAt(at + 2);
    return ((hash >>> (24 - HASH_BITS)) - hash * 5) & ((1 << HASH_BITS) - 1);
  };
  let [at, to, literals] = [0, 1, 0];
  const closeRun = (): void => {
    output[to - literals - 1] = literals - 1;
  };
  const addLiteral = (): void => {
    literals += 1;
    output[to++] = byteAt(at++);
    if (literals < LONGEST_LITERAL) return;
    closeRun();
    literals = 0;
    to += 1;
  };
  while (at < end - 2) {
    const slot = slotOf(at);
    const from = table[slot] ?? 0;
    table[slot] = at;
    const offset = at - from - 1;
    const matches =
      from > 0 &&
      offset >= 0 &&
      offset < FARTHEST &&
      byteAt(from) === byteAt(at) &&
      byteAt(from + 1) === byteAt(at + 1) &&
      byteAt(from + 2) === byteAt(at + 2);
    if (!matches) {
      if (to >= outEnd) return undefined;
      addLiteral();
      continue;
    }
    if (to - (literals === 0 ? 1 : 0) + 4 >= outEnd) return undefined;
    closeRun();
    if (literals === 0) to -= 1;
    const length = matchLength(input, from, at) - 2;
    at += 1;
    if (length < 7) output[to++] = (offset >> 8) + (length << 5);
    else {
      output[to++] = (offset >> 8) + (7 << 5);
      output[to++] = length - 7;
    }
    output[to++] = offset & 0xff;
    literals = 0;
    to += 1;
    at += length + 1;
    if (at >= end - 2) break;
    for (const seen of [at - 2, at - 1]) table[slotOf(seen)] = seen;
  }
  if (to + 3 > outEnd) return undefined;
  while (at < end) addLiteral();
  closeRun();
  if (literals === 0) to -= 1;
  return output.subarray(0, to);
}

/** How many bytes are the same, in the steps of liblzf, which may look two bytes past its limit. */
function matchLength(input: Buffer, from: number, at: number): number {
  const most = Math.min(input.length - at - 2, LONGEST_MATCH);
  let length = 2;
  if (most > UNROLLED) {
    for (let step = 0; step < UNROLLED; step++) {
      length += 1;
      if (input[from + length] !== input[at + length]) return length;
    }
  }
  do length += 1;
  while (length < most && input[from + length] === input[at + length]);
  return length;
}

/** Undefined if the bytes do not expand to this length. */
export function expandLzf(input: Buffer, length: number): Buffer | undefined {
  const output = Buffer.alloc(length);
  let [at, to] = [0, 0];
  while (at < input.length) {
    const control = input[at++] ?? 0;
    if (control < LONGEST_LITERAL) {
      const count = control + 1;
      if (to + count > length || at + count > input.length) return undefined;
      input.copy(output, to, at, at + count);
      at += count;
      to += count;
      continue;
    }
    let count = control >> 5;
    if (count === 7) count += input[at++] ?? 0;
    let from = to - ((control & 0x1f) << 8) - 1 - (input[at++] ?? 0);
    count += 2;
    if (from < 0 || to + count > length || at > input.length) return undefined;
    // Byte by byte: source and target may overlap.
    while (count-- > 0) output[to++] = output[from++] ?? 0;
  }
  return to === length ? output : undefined;
}
