import { RedisError } from "../redis-error.ts";

const FLAGS = new Set([
  "no-writes",
  "allow-oom",
  "allow-stale",
  "no-cluster",
  "allow-cross-slot-keys",
]);

/** What the first line of a script says of it. */
export interface ScriptHead {
  /** What is compiled: the script without its `#!` line (the line end stays, for the line numbers). */
  readonly code: Buffer;
  /** Undefined: there is no `#!` line, so the script does as the command that runs it says. */
  readonly flags: ReadonlySet<string> | undefined;
}

/**
 * Reads `#!lua flags=a,b`.
 * @throws RedisError with Redis's text
 */
export function readShebang(body: Buffer): ScriptHead {
  if (body.toString("latin1", 0, 2) !== "#!") return { code: body, flags: undefined };
  const end = body.indexOf("\n");
  if (end < 0) throw new RedisError("ERR Invalid script shebang");
  const [engine = "", ...options] = body.toString("latin1", 0, end).split(" ").filter(Boolean);
  if (engine !== "#!lua") {
    throw new RedisError(`ERR Unexpected engine in script shebang: ${engine}`);
  }
  const flags = new Set<string>();
  for (const option of options) {
    if (!option.startsWith("flags=")) {
      throw new RedisError(`ERR Unknown lua shebang option: ${option}`);
    }
    for (const flag of option.slice("flags=".length).split(",").filter(Boolean)) {
      if (!FLAGS.has(flag)) {
        throw new RedisError(`ERR Unexpected flag in script shebang: ${flag}`);
      }
      flags.add(flag);
    }
  }
  return { code: body.subarray(end), flags };
}
