import type { Kit } from "../../../engine/grader/testkit.ts";

/** They change nothing, and look at every key there is. */
const looksEverywhere: ReadonlySet<string> = new Set(["KEYS", "SCAN", "RANDOMKEY"]);

/**
 * Whether a command may change a key, by Redis's own flags, or looks through all keys. A script
 * may do either and has no such flag, so what is left behind is compared as well.
 */
export async function isWrite(kit: Kit, name: string): Promise<boolean> {
  if (looksEverywhere.has(name)) return true;
  const [command = ""] = name.split(" ");
  const reply = await kit.redis.command("COMMAND", "INFO", command);
  return /\bwrite\b/.test(textOf(reply));
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  if (value instanceof Map) return [...value].flat().map(textOf).join(" ");
  return String(value);
}
