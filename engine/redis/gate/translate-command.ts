import { RespError, type RespValue } from "../resp/resp-value.ts";
import { ADD_TO_STREAM, prefixScript } from "./script-prefix.ts";
import { type ScriptTable, sha1 } from "./script-table.ts";

/** A reply in place of the one that came. */
export interface RewrittenReply {
  readonly value: RespValue;
  readonly raw: Buffer;
}

/** A command in place of the one that was sent, since Redis itself has not travelled. */
export interface Translation {
  readonly args: readonly (string | Uint8Array)[];
  /** Undefined: the reply passes as it is. */
  readonly rewrite?: (value: RespValue) => RewrittenReply | undefined;
}

/**
 * Moments that a program names are moments of travelled time: they become real ones on the way to
 * Redis, and those that Redis names become travelled ones on the way back.
 */
export function translateCommand(
  name: string,
  args: readonly Buffer[],
  offsetMs: number,
  scripts: ScriptTable,
): Translation | undefined {
  switch (name) {
    case "EXPIREAT":
    case "PEXPIREAT": {
      const at = toReal(args[2], name === "EXPIREAT" ? 1000 : 1, offsetMs);
      const [, key = ""] = args;
      return at === undefined ? undefined : { args: ["PEXPIREAT", key, at, ...args.slice(3)] };
    }
    case "SET":
      return translateOption(args, 3, offsetMs);
    case "GETEX":
      return translateOption(args, 2, offsetMs);
    case "RESTORE": {
      const absolute = args.slice(4).some((arg) => upper(arg) === "ABSTTL");
      const at = absolute ? toReal(args[2], 1, offsetMs) : undefined;
      return at === undefined ? undefined : { args: args.with(2, Buffer.from(at)) };
    }
    case "EXPIRETIME":
    case "PEXPIRETIME":
      if (args.length !== 2) return undefined;
      return {
        args: ["PEXPIRETIME", ...args.slice(1)],
        rewrite: (value) => rewriteMoment(value, offsetMs, name === "EXPIRETIME"),
      };
    case "TIME":
      if (args.length !== 1) return undefined;
      return { args, rewrite: (value) => rewriteTime(value, offsetMs) };
    case "XADD":
      return translateAdd(args, offsetMs);
    case "EVAL":
    case "EVAL_RO":
      return args[1] && translateScript(name, args[1], args, offsetMs);
    case "EVALSHA":
    case "EVALSHA_RO": {
      const script = args[1] && scripts.find(args[1].toString("latin1"));
      const spelled = name === "EVALSHA" ? "EVAL" : "EVAL_RO";
      return script && translateScript(spelled, script, args, offsetMs);
    }
    case "FUNCTION LOAD": {
      const code = args.at(-1);
      if (code === undefined || args.length < 3) return undefined;
      return { args: [...args.slice(0, -1), prefixScript(code, offsetMs)] };
    }
    default:
      return undefined;
  }
}

/** `EXAT` and `PXAT` of SET and GETEX. */
function translateOption(
  args: readonly Buffer[],
  from: number,
  offsetMs: number,
): Translation | undefined {
  const found = args.findIndex(
    (arg, index) => index >= from && (upper(arg) === "EXAT" || upper(arg) === "PXAT"),
  );
  if (found < 0) return undefined;
  const at = toReal(args[found + 1], upper(args[found]) === "EXAT" ? 1000 : 1, offsetMs);
  if (at === undefined) return undefined;
  return { args: args.with(found, Buffer.from("PXAT")).with(found + 1, Buffer.from(at)) };
}

/** A moment as Redis has it, in ms. What is no moment passes untouched, so that Redis says so itself. */
function toReal(arg: Buffer | undefined, unitMs: number, offsetMs: number): string | undefined {
  const text = arg?.toString("latin1") ?? "";
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const moment = Number(text);
  if (moment <= 0) return undefined;
  // 0 would be refused; 1 lies as long in the past as anybody needs.
  return String(Math.max(1, moment * unitMs - offsetMs));
}

function rewriteMoment(
  value: RespValue,
  offsetMs: number,
  inSeconds: boolean,
): RewrittenReply | undefined {
  if (typeof value !== "number" || value < 0) return undefined;
  const moment = inSeconds ? Math.floor((value + offsetMs + 500) / 1000) : value + offsetMs;
  return { value: moment, raw: Buffer.from(`:${moment}\r\n`) };
}

function rewriteTime(value: RespValue, offsetMs: number): RewrittenReply | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const total = Number(value[0]) * 1e6 + Number(value[1]) + offsetMs * 1000;
  const parts = [String(Math.floor(total / 1e6)), String(total % 1e6)];
  const bulks = parts.map((part) => `$${part.length}\r\n${part}\r\n`);
  return { value: parts, raw: Buffer.from(`*2\r\n${bulks.join("")}`) };
}

/** `XADD key … *` becomes a script that chooses the ID by travelled time, never below the last one. */
function translateAdd(args: readonly Buffer[], offsetMs: number): Translation | undefined {
  let at = 2;
  for (let options = true; options;) {
    const option = upper(args[at]);
    if (option === "NOMKSTREAM") at += 1;
    else if (option === "LIMIT") at += 2;
    else if (option === "MAXLEN" || option === "MINID") {
      const sign = args[at + 1]?.toString("latin1");
      at += sign === "=" || sign === "~" ? 3 : 2;
    } else options = false;
  }
  const [, key] = args;
  if (key === undefined || args[at]?.toString("latin1") !== "*") return undefined;
  const script = `${ADD_TO_STREAM}
local a = {'XADD', KEYS[1]}
for i = 3, #ARGV do a[i] = ARGV[i] end
return add(redis.pcall, redis, tonumber(ARGV[1]), a, tonumber(ARGV[2]))`;
  return {
    args: ["EVAL", script, "1", key, String(offsetMs), String(at + 1), ...args.slice(2)],
  };
}

function translateScript(
  name: "EVAL" | "EVAL_RO",
  script: Buffer,
  args: readonly Buffer[],
  offsetMs: number,
): Translation {
  const prefixed = prefixScript(script, offsetMs);
  return {
    args: [name, prefixed, ...args.slice(2)],
    rewrite: (value) => {
      // Redis names a script by its hash: the program knows only its own.
      if (!(value instanceof RespError)) return undefined;
      const message = value.message.replaceAll(sha1(prefixed), sha1(script));
      return { value: new RespError(message), raw: Buffer.from(`-${message}\r\n`) };
    },
  };
}

function upper(arg: Buffer | undefined): string {
  return arg === undefined || arg.length > 16 ? "" : arg.toString("latin1").toUpperCase();
}
