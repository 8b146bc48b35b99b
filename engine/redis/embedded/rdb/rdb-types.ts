/** The first byte of a DUMP: what Redis 7.0 writes, and the older forms that need no ziplist. */
export const RdbType = {
  string: 0,
  list: 1,
  set: 2,
  textScores: 3,
  hash: 4,
  sortedSet: 5,
  intset: 11,
  hashListpack: 16,
  sortedSetListpack: 17,
  quicklist: 18,
  stream: 19,
} as const;

export const RDB_VERSION = 10;
