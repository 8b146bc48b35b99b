/** An error that a command answers with; thrown by handlers, sent by the dispatcher as `-text`. */
export class RedisError extends Error {
  override readonly name = "RedisError";
}

export function wrongType(): RedisError {
  return new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
}

export function syntaxError(): RedisError {
  return new RedisError("ERR syntax error");
}

export function notAnInteger(): RedisError {
  return new RedisError("ERR value is not an integer or out of range");
}

export function noSuchKey(): RedisError {
  return new RedisError("ERR no such key");
}
