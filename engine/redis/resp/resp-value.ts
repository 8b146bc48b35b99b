import { isUtf8 } from "node:buffer";
import type { RedisValue } from "../provide-redis.ts";

/** An error inside or in place of a reply. */
export class RespError {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A simple string (`+OK`), which redis-cli prints without quotes. Only readers that keep statuses make them. */
export class StatusReply {
  constructor(readonly text: string) {}
}

/** A reply as it is read: like RedisValue, with errors (and, on request, statuses) told apart from strings. */
export type RespValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | RespError
  | StatusReply
  | RespValue[]
  | Map<RespValue, RespValue>;

/** Text where the bytes are UTF-8, else the bytes themselves (a copy that holds no larger buffer). */
export function fromBytes(bytes: Buffer): string | Uint8Array {
  return isUtf8(bytes) ? bytes.toString("utf8") : Uint8Array.from(bytes);
}

/** For readers outside: errors inside an array become their text. */
export function toRedisValue(value: RespValue): RedisValue {
  if (value instanceof RespError) return value.message;
  if (value instanceof StatusReply) return value.text;
  if (Array.isArray(value)) return value.map(toRedisValue);
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [toRedisValue(key), toRedisValue(item)]));
  }
  return value;
}
