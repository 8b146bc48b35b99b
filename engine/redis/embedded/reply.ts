/**
 * What a command answers. Plain JavaScript values stand for the common kinds:
 * `Buffer` bulk string, `number`/`bigint` integer, `null` nil, an array an array.
 * The other kinds are the small classes below. Which bytes they become depends on the protocol of
 * the client (reply-encoder.ts): a `MapReply` is a flat array in RESP2, a `DoubleReply` a bulk string …
 */
export type Reply =
  | Buffer
  | number
  | bigint
  | null
  | readonly Reply[]
  | SimpleString
  | ErrorReply
  | NilArray
  | MapReply
  | SetReply
  | DoubleReply
  | BooleanReply
  | VerbatimReply
  | BigNumberReply
  | PushReply
  | EncodedReply
  | NoReply;

/** `+text` */
export class SimpleString {
  constructor(readonly text: string) {}
}

/** `-text`; the text begins with the error code, as in `ERR syntax error`. It is binary-safe (latin1). */
export class ErrorReply {
  constructor(readonly text: string) {}
}

/** `*-1` in RESP2, `_` in RESP3: what blocking pops and an aborted EXEC answer. */
export class NilArray {
  readonly kind = "nil array";
}

/** Pairs in their order; `%n` in RESP3, a flat array in RESP2. */
export class MapReply {
  constructor(readonly pairs: readonly (readonly [Reply, Reply])[]) {}
}

/** `~n` in RESP3, an array in RESP2. */
export class SetReply {
  constructor(readonly items: readonly Reply[]) {}
}

/** `,n` in RESP3, a bulk string in RESP2. */
export class DoubleReply {
  constructor(readonly value: number) {}
}

/** `#t` in RESP3, 1 or 0 in RESP2. */
export class BooleanReply {
  constructor(readonly value: boolean) {}
}

/** `=n` in RESP3, a bulk string in RESP2. The format is `txt` or `mkd`. */
export class VerbatimReply {
  constructor(
    readonly bytes: Buffer,
    readonly format: "txt" | "mkd" = "txt",
  ) {}
}

/** `(digits` in RESP3, a bulk string in RESP2. */
export class BigNumberReply {
  constructor(readonly digits: string) {}
}

/** `>n` in RESP3, an array in RESP2. */
export class PushReply {
  constructor(readonly items: readonly Reply[]) {}
}

/** Bytes that are a complete reply (or several) already. */
export class EncodedReply {
  constructor(readonly bytes: Buffer) {}
}

/** Nothing is sent now: the client blocks, or the command has sent its replies itself. */
export class NoReply {
  readonly kind = "no reply";
}

export const OK = new SimpleString("OK");
export const QUEUED = new SimpleString("QUEUED");
export const NIL_ARRAY = new NilArray();
export const NO_REPLY = new NoReply();

/** A bulk string of a text; characters above U+00FF are not allowed (latin1). */
export function bulk(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
