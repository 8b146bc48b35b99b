import { RespError, StatusReply } from "../resp/resp-value.ts";
import type { PrintableReply } from "./format-reply.ts";

/**
 * What redis-cli writes for a reply where its output is no terminal: the bytes themselves, items line by line.
 */
export function formatRawReply(value: PrintableReply): Buffer {
  if (value === null) return Buffer.alloc(0);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (value instanceof StatusReply) return Buffer.from(value.text);
  if (value instanceof RespError) return Buffer.from(`${value.message}\n`);
  if (Array.isArray(value)) return join(value.map(formatRawReply), "\n");
  if (value instanceof Map) {
    return join(
      [...value].map((pair) => join(pair.map(formatRawReply), " ")),
      "\n",
    );
  }
  return Buffer.from(String(value));
}

function join(parts: readonly Buffer[], separator: string): Buffer {
  return Buffer.concat(
    parts.flatMap((part, at) => (at === 0 ? [part] : [Buffer.from(separator), part])),
  );
}
