import * as fc from "fast-check";

/** A command, or time that passes. */
export type Move = { readonly args: readonly string[] } | { readonly travelMs: number };

/** Few keys and values, so that commands hit each other. */
export const KEYS = ["k1", "k2", "k3", "k4"] as const;

const HOLES: Record<string, fc.Arbitrary<string>> = {
  k: fc.constantFrom(...KEYS),
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
    "SORT %k ALPHA",
    "TTL %k",
    "PEXPIREAT %k 1",
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
    "BLPOP %k 1",
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
    "ZRANGEBYLEX %k - +",
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
  ],
};

function words(template: string): string[] {
  return template.split(template.includes("|") ? "|" : " ");
}

function command(template: string): fc.Arbitrary<Move> {
  const parts = words(template).map((word) =>
    word.startsWith("%") ? (HOLES[word.slice(1)] ?? fc.constant(word)) : fc.constant(word),
  );
  return fc.tuple(...parts).map((args) => ({ args }));
}

/** Programs of the commands that are there. */
export function arbitraryProgram(has: ReadonlySet<string>, longest = 30): fc.Arbitrary<Move[]> {
  const families = Object.values(TEMPLATES)
    .map((templates) => templates.filter((template) => isThere(template, has)).map(command))
    .filter((commands) => commands.length > 0)
    .map((commands) => ({
      weight: Math.min(8, commands.length),
      arbitrary: fc.oneof(...commands),
    }));
  const travel = fc
    .constantFrom(30_000, 300_000, 3_000_000)
    .map((travelMs): Move => ({ travelMs }));
  return fc.array(fc.oneof(...families, { weight: 1, arbitrary: travel }), {
    minLength: 5,
    maxLength: longest,
    size: "max",
  });
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
