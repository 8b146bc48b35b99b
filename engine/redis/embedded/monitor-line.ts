import type { Client } from "./client.ts";

/** A command as MONITOR shows it: `1700000000.123456 [0 127.0.0.1:50000] "get" "key"`. */
export function monitorLine(client: Client, args: readonly Buffer[]): string {
  const us = client.server.clock.nowUs;
  const time = `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, "0")}`;
  const source = client.isScript ? "lua" : client.connection.remoteAddress;
  return `${time} [${client.database} ${source}] ${args.map(quote).join(" ")}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\x07": "\\a",
  "\b": "\\b",
};

function quote(bytes: Buffer): string {
  const text = bytes
    .toString("latin1")
    .replace(
      /[^ !#-[\]-~]/g,
      (character) =>
        ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return `"${text}"`;
}
