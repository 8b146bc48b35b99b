const MULTIPLIER = 0xc6a4_a793_5bd1_e995n;
const SHIFT = 47n;
const MASK = 2n ** 64n - 1n;

/** MurmurHash64A of Austin Appleby, as a number of 64 bits. */
export function murmurHash(bytes: Buffer, seed: bigint): bigint {
  let hash = seed ^ ((BigInt(bytes.length) * MULTIPLIER) & MASK);
  const rest = bytes.length % 8;
  const whole = bytes.length - rest;
  for (let at = 0; at < whole; at += 8) {
    const word = mix((bytes.readBigUInt64LE(at) * MULTIPLIER) & MASK);
    hash = ((hash ^ word) * MULTIPLIER) & MASK;
  }
  if (rest > 0) {
    let last = 0n;
    for (let at = bytes.length - 1; at >= whole; at--) last = (last << 8n) | BigInt(bytes[at] ?? 0);
    hash = ((hash ^ last) * MULTIPLIER) & MASK;
  }
  return finish(finish(hash) * MULTIPLIER);
}

function mix(word: bigint): bigint {
  return ((word ^ (word >> SHIFT)) * MULTIPLIER) & MASK;
}

function finish(hash: bigint): bigint {
  const cut = hash & MASK;
  return cut ^ (cut >> SHIFT);
}
