import * as fc from "fast-check";

/** A command, or time that passes. */
export type Move = { readonly args: readonly string[] } | { readonly travelMs: number };

/** Few keys and values, so that commands hit each other. */
export const KEYS = ["k1", "k2", "k3", "k4", "k5", "k6"] as const;

/** A sorted set of which all members have the same score. */
export const SAME_SCORES = "same";

/**
 * The keys that each family mostly uses, so that most commands find what they are for, and some find
 * something else.
 */
const HOMES: Record<string, readonly string[]> = {
  strings: ["k1", "k2"],
  hashes: ["k2", "k3"],
  lists: ["k3", "k4"],
  sets: ["k4", "k5"],
  zsets: ["k5", "k6"],
  streams: ["k6"],
  bitmaps: ["k1", "k2"],
  hyperloglogs: ["k1"],
  scripts: ["k1", "k2"],
};

function keyOf(family: string): fc.Arbitrary<string> {
  const [first, ...others] = HOMES[family] ?? [];
  const any = { weight: 1, arbitrary: fc.constantFrom(...KEYS) };
  if (first === undefined) return any.arbitrary;
  const home = { weight: 8, arbitrary: fc.constant(first) };
  return fc.oneof(home, { weight: 3, arbitrary: fc.constantFrom(first, ...others) }, any);
}

const HOLES: Record<string, fc.Arbitrary<string>> = {
  v: fc.constantFrom("a", "b", "10", "-1", "3.5", "", "hello", "\0\xff"),
  i: fc.constantFrom("0", "1", "-1", "7", "100", "9223372036854775807", "x"),
  d: fc.constantFrom("0.5", "-2", "1e3", "3", "inf", "x"),
  // Hardly ever the same twice: which of two equal expiries is later depends on the millisecond.
  t: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 10, max: 2000 }).map((n) => String(n * 5)) },
    { weight: 2, arbitrary: fc.integer({ min: 2000, max: 1_000_000 }).map((n) => String(n * 5)) },
    { weight: 1, arbitrary: fc.constantFrom("0", "-1", "x", "99999999999999999") },
  ),
  p: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 10, max: 1_000_000 }).map((n) => String(n * 5000)) },
    { weight: 1, arbitrary: fc.constantFrom("0", "-5") },
  ),
  f: fc.constantFrom("f", "g", "1"),
  m: fc.constantFrom("a", "b", "c", "1", "2"),
  s: fc.constantFrom("0", "1", "2", "-1.5", "inf", "1e2"),
  r: fc.constantFrom("0", "1", "2", "-1", "-2", "5"),
  o: fc.constantFrom("NX", "XX", "GT", "LT"),
  // Bounds of scores, and of members.
  b: fc.constantFrom("-inf", "+inf", "1", "(1", "0", "2", "(2"),
  l: fc.constantFrom("-", "+", "[a", "(a", "[b", "[c", "(2"),
  c: fc.constantFrom("0", "1", "2", "-2", "10"),
  w: fc.constantFrom("0", "1", "2.5", "-1", "inf"),
  a: fc.constantFrom("SUM", "MIN", "MAX"),
  e: fc.constantFrom("MIN", "MAX"),
  // IDs of streams: made by the clock, by the sequence, and given.
  x: fc.constantFrom("*", "*", "5-*", "1-1", "5-2", "7", "9-*"),
  y: fc.constantFrom("0", "1-1", "5", "5-1", "9-0", "(5-0"),
  n: fc.constantFrom("0", "1", "7", "8", "13", "40"),
  z: fc.constantFrom("0", "1"),
  u: fc.constantFrom("u4", "i8", "u13", "i64"),
  q: fc.constantFrom("WRAP", "SAT", "FAIL"),
  g: fc.constantFrom("g", "g", "h"),
  h: fc.constantFrom("ann", "bob"),
  j: fc.constantFrom('{"a":[1,2.5,"x"]}', "[1,[],{},null,true]", "[1e3,-0.5]", '"text"', "{", "17"),
  C: fc.constantFrom("GET", "LLEN", "HLEN", "SCARD", "ZCARD", "TYPE", "NOSUCH", "INCR"),
};

const TEMPLATES: Record<string, readonly string[]> = {
  strings: [
    "SET %k %v",
    "SET %k %v EX %t",
    "SET %k %v PX %p",
    "SET %k %v NX",
    "SET %k %v XX",
    "SET %k %v GET",
    "SET %k %v KEEPTTL",
    "SET %k %v NX GET EX %t",
    "GET %k",
    "GET %k",
    "GETSET %k %v",
    "GETDEL %k",
    "GETEX %k EX %t",
    "GETEX %k PERSIST",
    "SETNX %k %v",
    "SETEX %k %t %v",
    "PSETEX %k %p %v",
    "MSET %k %v %k %v",
    "MSETNX %k %v %k %v",
    "MGET %k %k %k",
    "INCR %k",
    "DECR %k",
    "INCRBY %k %i",
    "DECRBY %k %i",
    "INCRBYFLOAT %k %d",
    "APPEND %k %v",
    "STRLEN %k",
    "GETRANGE %k %r %r",
    "SETRANGE %k %r %v",
    "LCS %k %k",
    "SET %k %v XX GET PX %p",
    "GETEX %k PX %p",
    "GETEX %k PXAT 1",
    "LCS %k %k IDX WITHMATCHLEN",
    "SETRANGE %k %n %v",
    "MGET %k %k",
    "INCR %k",
  ],
  keys: [
    "DEL %k",
    "DEL %k %k",
    "UNLINK %k",
    "EXISTS %k %k",
    "TYPE %k",
    "RENAME %k %k",
    "RENAMENX %k %k",
    "COPY %k %k",
    "COPY %k %k REPLACE",
    "TOUCH %k %k",
    "DBSIZE",
    "KEYS *",
    "SCAN 0 COUNT 100",
    "PERSIST %k",
    "EXPIRE %k %t",
    "EXPIRE %k %t %o",
    "PEXPIRE %k %p",
    "PEXPIRE %k %p %o",
    "TTL %k",
    "PTTL %k",
    "EXPIRETIME %k",
    "OBJECT ENCODING %k",
    "RANDOMKEY",
    "TTL %k",
    "PEXPIREAT %k 1",
    "PEXPIRETIME %k",
    "OBJECT REFCOUNT %k",
    "SCAN 0 MATCH k[1-3] COUNT 100",
    "SCAN 0 TYPE string COUNT 100",
    "DUMP %k",
    "DUMP %k",
  ],
  hashes: [
    "HSET %k %f %v",
    "HSET %k %f %v %f %v",
    "HSETNX %k %f %v",
    "HGET %k %f",
    "HMGET %k %f %f",
    "HDEL %k %f",
    "HDEL %k %f %f",
    "HLEN %k",
    "HGETALL %k",
    "HKEYS %k",
    "HVALS %k",
    "HEXISTS %k %f",
    "HINCRBY %k %f %i",
    "HINCRBYFLOAT %k %f %d",
    "HSTRLEN %k %f",
    "HMSET %k %f %v",
    "HSCAN %k 0 COUNT 100",
    "HSCAN %k 0 MATCH f*",
    "HRANDFIELD %k %c",
    "HRANDFIELD %k %c WITHVALUES",
    "HSET %k %f %i %m %d",
    "HINCRBY %k %m %r",
    "HMGET %k %f %m %f",
    "HGET %k %m",
  ],
  lists: [
    "LPUSH %k %m",
    "RPUSH %k %m %m",
    "LPUSHX %k %m",
    "RPUSHX %k %m",
    "LPOP %k",
    "RPOP %k",
    "LPOP %k %r",
    "LLEN %k",
    "LRANGE %k %r %r",
    "LINDEX %k %r",
    "LSET %k %r %v",
    "LREM %k %r %m",
    "LINSERT %k BEFORE %m %m",
    "LTRIM %k %r %r",
    "LMOVE %k %k LEFT RIGHT",
    "RPOPLPUSH %k %k",
    "LPOS %k %m",
    "LPOS %k %m COUNT 0",
    "LMPOP 2 %k %k LEFT",
    "BLPOP %k 0.001",
    "SORT %k ALPHA",
    "SORT %k ALPHA DESC LIMIT %r %c",
    "SORT %k BY nosort GET # GET k*",
    "SORT %k ALPHA STORE %k",
    "SORT %k",
    "SORT %k DESC LIMIT 0 %c",
    "SORT %k BY k* ALPHA GET k* GET #",
    "LINSERT %k AFTER %m %m",
    "LPOS %k %m RANK -1 MAXLEN 2",
    "LPOS %k %m RANK %r COUNT %c",
    "LMPOP 2 %k %k RIGHT COUNT 2",
    "BRPOP %k %k 0.001",
    "BLMOVE %k %k RIGHT LEFT 0.001",
    "BLMPOP 0.001 2 %k %k LEFT COUNT %c",
    "RPUSH %k %i %d",
  ],
  sets: [
    "SADD %k %m",
    "SADD %k %m %m",
    "SREM %k %m",
    "SISMEMBER %k %m",
    "SMISMEMBER %k %m %m",
    "SMEMBERS %k",
    "SCARD %k",
    "SMOVE %k %k %m",
    "SINTER %k %k",
    "SUNION %k %k",
    "SDIFF %k %k",
    "SINTERSTORE %k %k %k",
    "SUNIONSTORE %k %k %k",
    "SDIFFSTORE %k %k %k",
    "SINTERCARD 2 %k %k",
    "SINTERCARD 2 %k %k LIMIT %c",
    "SSCAN %k 0 COUNT 100",
    "SRANDMEMBER %k %c",
    // All of it: which are picked is chance, and both must go on from the same.
    "SPOP %k 100",
    "SPOP %k 0",
  ],
  zsets: [
    "ZADD %k %s %m",
    "ZADD %k %s %m %s %m",
    "ZADD %k %o %s %m",
    "ZADD %k CH %s %m",
    "ZADD %k INCR %s %m",
    "ZINCRBY %k %s %m",
    "ZSCORE %k %m",
    "ZMSCORE %k %m %m",
    "ZRANK %k %m",
    "ZREVRANK %k %m",
    "ZCARD %k",
    "ZCOUNT %k -inf %s",
    "ZRANGE %k %r %r WITHSCORES",
    "ZRANGE %k %r %r REV",
    "ZRANGEBYSCORE %k %s %s",
    "ZREM %k %m",
    "ZPOPMIN %k",
    "ZPOPMAX %k %r",
    "ZREMRANGEBYRANK %k %r %r",
    "ZREMRANGEBYSCORE %k %s %s",
    "ZUNIONSTORE %k 2 %k %k",
    "ZINTERSTORE %k 2 %k %k",
    "ZDIFFSTORE %k 2 %k %k",
    "ZUNION 2 %k %k WITHSCORES",
    // The order of members is only promised where all scores are the same.
    "ZADD same 1 %m 1 %m 1 %m",
    "ZREM same %m",
    "ZRANGEBYLEX same %l %l",
    "ZRANGEBYLEX same %l %l LIMIT %r %c",
    "ZREVRANGEBYLEX same %l %l",
    "ZLEXCOUNT same %l %l",
    "ZREMRANGEBYLEX same %l %l",
    "ZRANGE same %l %l BYLEX",
    "ZRANGESTORE %k same %l %l BYLEX REV LIMIT %r %c",
    "ZRANGEBYSCORE %k %b %b WITHSCORES LIMIT %r %c",
    "ZREVRANGEBYSCORE %k %b %b",
    "ZCOUNT %k %b %b",
    "ZRANGE %k %b %b BYSCORE REV LIMIT %r %c",
    "ZRANGESTORE %k %k %r %r",
    "ZRANGESTORE %k %k %b %b BYSCORE LIMIT %r %c",
    "ZRANDMEMBER %k %c",
    "ZRANDMEMBER %k %c WITHSCORES",
    "ZSCAN %k 0 COUNT 100",
    "ZMPOP 2 %k %k %e",
    "ZMPOP 1 %k %e COUNT 2",
    "BZPOPMIN %k %k 0.001",
    "ZUNIONSTORE %k 2 %k %k WEIGHTS %w %w AGGREGATE %a",
    "ZINTERSTORE %k 2 %k %k WEIGHTS %w %w AGGREGATE %a",
    "ZINTER 2 %k %k WITHSCORES AGGREGATE %a",
    "ZINTERCARD 2 %k %k LIMIT %c",
    "ZDIFF 2 %k %k WITHSCORES",
    "ZADD %k NX CH %s %m %s %m",
    "ZADD %k XX %o INCR %s %m",
    "ZADD %k %o CH %s %m %s %m",
    "BZMPOP 0.001 2 %k %k %e COUNT 2",
    "ZREVRANGE %k %r %r WITHSCORES",
    "ZRANGESTORE %k %k %r %r REV",
  ],
  streams: [
    "XADD %k %x %f %v",
    "XADD %k %x %f %v %f %v",
    "XADD %k MAXLEN %c %x %f %v",
    "XADD %k MAXLEN ~ %c %x %f %v",
    "XADD %k NOMKSTREAM MINID %y %x %f %v",
    "XLEN %k",
    "XRANGE %k - +",
    "XRANGE %k %y + COUNT %c",
    "XREVRANGE %k + %y COUNT %c",
    "XDEL %k %y",
    "XTRIM %k MAXLEN %c",
    "XTRIM %k MINID %y",
    "XREAD COUNT %c STREAMS %k %y",
    "XREAD STREAMS %k %k 0 0",
    "XGROUP CREATE %k %g 0 MKSTREAM",
    "XGROUP CREATE %k %g $ MKSTREAM",
    "XGROUP SETID %k %g %y",
    "XGROUP DESTROY %k %g",
    "XGROUP DELCONSUMER %k %g %h",
    "XREADGROUP GROUP %g %h COUNT %c STREAMS %k >",
    "XREADGROUP GROUP %g %h STREAMS %k >",
    "XREADGROUP GROUP %g %h STREAMS %k 0",
    "XREADGROUP GROUP %g %h NOACK STREAMS %k >",
    "XACK %k %g %y",
    "XPENDING %k %g",
    "XPENDING %k %g - + 10",
    "XPENDING %k %g %y + 10 %h",
    "XCLAIM %k %g %h 0 %y",
    "XCLAIM %k %g %h 0 %y FORCE JUSTID",
    "XAUTOCLAIM %k %g %h 0 %y COUNT 2",
    "XINFO GROUPS %k",
    "XINFO CONSUMERS %k %g",
    "XSETID %k %y",
  ],
  bitmaps: [
    "SETBIT %k %n %z",
    "SETBIT %k %n %z",
    "GETBIT %k %n",
    "BITCOUNT %k",
    "BITCOUNT %k %r %r",
    "BITCOUNT %k %r %r BIT",
    "BITPOS %k %z",
    "BITPOS %k %z %r",
    "BITPOS %k %z %r %r BIT",
    "BITOP AND %k %k %k",
    "BITOP OR %k %k %k",
    "BITOP XOR %k %k %k",
    "BITOP NOT %k %k",
    "BITFIELD %k GET %u %n",
    "BITFIELD %k SET %u %n %i GET %u %n",
    "BITFIELD %k OVERFLOW %q INCRBY %u %n %i",
    "BITFIELD %k OVERFLOW %q SET %u %n %i INCRBY %u #%n %i",
    "BITFIELD_RO %k GET %u #%n",
  ],
  hyperloglogs: [
    "PFADD %k %m",
    "PFADD %k %m %v %i",
    "PFADD %k",
    "PFCOUNT %k",
    "PFCOUNT %k %k",
    "PFMERGE %k %k",
  ],
  transactions: ["MULTI", "MULTI", "EXEC", "EXEC", "EXEC", "DISCARD", "WATCH %k", "UNWATCH"],
  scripts: [
    "EVAL|return redis.call('GET', KEYS[1])|1|%k",
    "EVAL|return redis.call('SET', KEYS[1], ARGV[1])|1|%k|%v",
    "EVAL|local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('EXPIRE', KEYS[1], 1000) end return {n, redis.call('EXISTS', KEYS[1])}|1|%k",
    "EVAL|return {redis.call('TYPE', KEYS[1]), redis.call('EXISTS', KEYS[1], KEYS[2])}|2|%k|%k",
    "EVAL|return redis.pcall('APPEND', KEYS[1], ARGV[1])|1|%k|%v",
    "EVAL|redis.call('SET', KEYS[1], ARGV[1]) return redis.call('RENAME', KEYS[1], KEYS[2])|2|%k|%k|%v",
    "EVAL|if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end|1|%k|%v",
    // A sliding window, a bucket and a lock, as limiters have them.
    "EVAL|redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1]) redis.call('ZADD', KEYS[1], ARGV[1] + 1, ARGV[2]) redis.call('EXPIRE', KEYS[1], 100) return {redis.call('ZCARD', KEYS[1]), redis.call('TTL', KEYS[1]) > 0}|1|%k|%r|%m",
    "EVAL|local had = tonumber(redis.call('HGET', KEYS[1], 'tokens') or ARGV[1]) local left = math.max(0, had - 1.5) redis.call('HSET', KEYS[1], 'tokens', left) return {left, tostring(left)}|1|%k|%c",
    "EVAL|local ok = redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', 60000) if ok then return ok else return {false, redis.call('TTL', KEYS[1]) > 0} end|1|%k|%v",
    "EVAL|return cjson.encode({redis.call('LRANGE', KEYS[1], 0, -1), ARGV[1], tonumber(ARGV[1])})|1|%k|%v",
    "EVAL|return cjson.decode(ARGV[1])|0|%j",
    "EVAL|return {1.9, -1.9, 'x', true, false, tonumber(ARGV[1]), 'never seen'}|0|%v",
    "EVAL|return tostring(redis.call('INCRBYFLOAT', KEYS[1], ARGV[1]))|1|%k|%d",
    "EVAL|local all = redis.call('HGETALL', KEYS[1]) return {#all, all[1], all[2]}|1|%k",
    "EVAL|local reply = redis.pcall(ARGV[1], KEYS[1]) if type(reply) == 'table' and reply.err then return redis.error_reply('MINE ' .. reply.err) end return reply|1|%k|%C",
    "EVAL_RO|return {redis.call('STRLEN', KEYS[1]), redis.call('EXISTS', KEYS[1])}|1|%k",
    "EVAL|local dump = redis.call('DUMP', KEYS[1]) if not dump then return false end return redis.pcall('RESTORE', KEYS[2], ARGV[1], dump, 'REPLACE')|2|%k|%k|%p",
    "EVAL|local n = 0 for i = 1, 20 do n = n + redis.call('INCR', KEYS[1]) end return n|1|%k",
  ],
};

function words(template: string): string[] {
  return template.split(template.includes("|") ? "|" : " ");
}

function command(family: string, template: string): fc.Arbitrary<Move> {
  const key = keyOf(family);
  const parts = words(template).map((word) => {
    const [, before = "", letter] = /^(.*)%(\w)$/.exec(word) ?? [];
    const hole = letter === "k" ? key : letter === undefined ? undefined : HOLES[letter];
    return hole ? hole.map((text) => before + text) : fc.constant(word);
  });
  return fc.tuple(...parts).map((args) => ({ args }));
}

const OF_ALL_PROGRAMS = ["keys", "transactions", "scripts"];

/**
 * Programs of the commands that are there. Each keeps to one to three families, so that its commands
 * meet, and mixes in keys, expiry, transactions and scripts.
 */
export function arbitraryProgram(has: ReadonlySet<string>, longest = 30): fc.Arbitrary<Move[]> {
  const families = new Map(
    Object.entries(TEMPLATES).map(([family, templates]) => [
      family,
      templates
        .filter((template) => isThere(template, has))
        .map((template) => command(family, template)),
    ]),
  );
  const travel = fc
    .constantFrom(30_000, 300_000, 3_000_000)
    .map((travelMs): Move => ({ travelMs }));
  const others = OF_ALL_PROGRAMS.map((family) => ({
    weight: 2,
    arbitrary: fc.oneof(...(families.get(family) ?? [])),
  }));
  const own = [...families.keys()].filter((family) => !OF_ALL_PROGRAMS.includes(family));
  return fc.subarray(own, { minLength: 1, maxLength: 3 }).chain((chosen) =>
    fc.array(
      fc.oneof(
        ...chosen.map((family) => ({
          weight: 6,
          arbitrary: fc.oneof(...(families.get(family) ?? [])),
        })),
        ...others,
        { weight: 1, arbitrary: travel },
      ),
      { minLength: 5, maxLength: longest, size: "max" },
    ),
  );
}

function isThere(template: string, has: ReadonlySet<string>): boolean {
  const [name = "", sub = ""] = words(template.toLowerCase());
  return has.has(name) || has.has(`${name}|${sub}`);
}

/** All commands that programs may be made of. */
export function commandsOfPrograms(has: ReadonlySet<string>): string[] {
  return Object.values(TEMPLATES)
    .flat()
    .filter((template) => isThere(template, has));
}
