import { isUtf8 } from "node:buffer";

/** Commands whose second word belongs to the name. */
const CONTAINERS = new Set(
  "ACL CLIENT CLUSTER COMMAND CONFIG DEBUG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT SLOWLOG XGROUP XINFO".split(
    " ",
  ),
);
/** Sent by client libraries on their own, whenever it is. */
const ALWAYS_HANDSHAKE = new Set(
  ["HELLO", "AUTH"].concat(
    ["SETINFO", "SETNAME", "ID", "MAINT_NOTIFICATIONS", "CAPA"].map((word) => `CLIENT ${word}`),
  ),
);
/** Sent by client libraries before the program's first command; later they are the program's. */
const OPENING = new Set([
  "SELECT",
  "INFO",
  "COMMAND",
  "COMMAND DOCS",
  "READONLY",
  "CLIENT NO-TOUCH",
]);
const LONGEST_SHOWN_BYTES = 4096;
const MOST_SHOWN = 2000;

/** `SET`, `CLIENT LIST`: upper case, with the second word where it is part of the name. */
export function commandName(args: readonly Buffer[]): string {
  const name = upperWord(args[0]);
  return CONTAINERS.has(name) && args.length > 1 ? `${name} ${upperWord(args[1])}` : name;
}

/** Whether a client library sends this by itself; `opening`: nothing else has been sent before. */
export function isHandshake(name: string, opening: boolean): boolean {
  return ALWAYS_HANDSHAKE.has(name) || (opening && OPENING.has(name));
}

/** The arguments for people; of very many, the first. */
export function showArguments(args: readonly Buffer[]): string[] {
  if (args.length <= MOST_SHOWN) return args.map(showArgument);
  return [...args.slice(0, MOST_SHOWN).map(showArgument), `… (${args.length} arguments)`];
}

/** An argument for people: bytes that are not UTF-8 as \xNN like redis-cli, long ones cut. */
function showArgument(bytes: Buffer): string {
  if (bytes.length > LONGEST_SHOWN_BYTES) {
    const head = bytes.subarray(0, LONGEST_SHOWN_BYTES);
    // A character may be cut in two: that alone does not make it binary.
    const text = isUtf8(bytes) ? head.toString("utf8").replace(/\uFFFD+$/, "") : escapeBytes(head);
    return `${text}… (${bytes.length} bytes)`;
  }
  return isUtf8(bytes) ? bytes.toString("utf8") : escapeBytes(bytes);
}

function escapeBytes(bytes: Buffer): string {
  let text = "";
  for (const byte of bytes) {
    text +=
      byte >= 32 && byte < 127
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return text;
}

function upperWord(bytes: Buffer | undefined): string {
  return bytes === undefined || bytes.length > 64 ? "" : bytes.toString("latin1").toUpperCase();
}
