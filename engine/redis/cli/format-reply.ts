import type { RedisValue } from "../provide-redis.ts";
import { RespError, StatusReply } from "../resp/resp-value.ts";

export { StatusReply } from "../resp/resp-value.ts";

/** A reply in which statuses and errors may be told apart from bulk strings. */
export type PrintableReply =
  | RedisValue
  | StatusReply
  | RespError
  | PrintableReply[]
  | Map<PrintableReply, PrintableReply>;

const ESCAPES: Readonly<Record<number, string>> = {
  0x07: String.raw`\a`,
  0x08: String.raw`\b`,
  0x09: String.raw`\t`,
  0x0a: String.raw`\n`,
  0x0d: String.raw`\r`,
  0x22: String.raw`\"`,
  0x5c: "\\\\",
};

/**
 * The lines that redis-cli prints for a reply on a terminal.
 * A string is taken for a bulk string and printed in quotes: wrap what came as `+…` in StatusReply.
 */
export function formatReply(value: PrintableReply): string[] {
  if (value === null) return ["(nil)"];
  if (value instanceof StatusReply) return value.text.split("\n");
  if (value instanceof RespError) return [`(error) ${value.message}`];
  if (typeof value === "string") return [quote(Buffer.from(value))];
  if (value instanceof Uint8Array) return [quote(value)];
  if (typeof value === "boolean") return [`(${value})`];
  if (typeof value === "bigint") return [`(integer) ${value}`];
  if (typeof value === "number") return [formatNumber(value)];
  if (Array.isArray(value)) {
    if (value.length === 0) return ["(empty array)"];
    return number(value.map(formatReply), ")");
  }
  if (value.size === 0) return ["(empty hash)"];
  return number([...value].map(formatPair), "#");
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return `(integer) ${value}`;
  if (Number.isFinite(value)) return `(double) ${value}`;
  if (Number.isNaN(value)) return "(double) nan";
  return value < 0 ? "(double) -inf" : "(double) inf";
}

function formatPair([name, value]: readonly [PrintableReply, PrintableReply]): string[] {
  const names = formatReply(name);
  const lines = formatReply(value);
  // Several items begin on a line of their own, a single one does not.
  const [first = "", ...rest] = countItems(value) > 1 ? ["", ...lines] : lines;
  return [...names.slice(0, -1), `${names.at(-1) ?? ""} => ${first}`, ...rest];
}

function countItems(value: PrintableReply): number {
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

/** Numbers the items; their further lines stand under the first one. */
function number(items: readonly string[][], mark: string): string[] {
  const width = String(items.length).length;
  const indent = " ".repeat(width + 2);
  return items.flatMap((lines, index) =>
    lines.map((line, at) =>
      at === 0 ? `${String(index + 1).padStart(width)}${mark} ${line}` : indent + line,
    ),
  );
}

function quote(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const isPrintable = byte >= 0x20 && byte < 0x7f;
    text +=
      ESCAPES[byte] ??
      (isPrintable
        ? String.fromCharCode(byte)
        : String.raw`\x` + byte.toString(16).padStart(2, "0"));
  }
  return `"${text}"`;
}
