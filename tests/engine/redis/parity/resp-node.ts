/** One reply as it came: its first byte, and its text or its items. Two nodes are equal when their bytes are. */
export interface RespNode {
  readonly type: string;
  /** Of lines and bulk strings, as latin1; `undefined` for a nil (`$-1`, `*-1`) and for arrays. */
  readonly text?: string | undefined;
  readonly items?: readonly RespNode[] | undefined;
}

export interface ParsedReply {
  readonly node: RespNode;
  /** Where the next reply begins. */
  readonly end: number;
}

/** Reads the reply that begins at `at`; undefined when its end has not come yet. */
export function parseReply(bytes: Buffer, at: number): ParsedReply | undefined {
  const lineEnd = bytes.indexOf("\r\n", at, "latin1");
  if (lineEnd < 0) return undefined;
  const type = bytes.toString("latin1", at, at + 1);
  const line = bytes.toString("latin1", at + 1, lineEnd);
  const next = lineEnd + 2;
  if ("$=!".includes(type)) {
    const length = Number(line);
    if (length < 0) return { node: { type }, end: next };
    if (bytes.length < next + length + 2) return undefined;
    const text = bytes.toString("latin1", next, next + length);
    return { node: { type, text }, end: next + length + 2 };
  }
  if ("*~>%|".includes(type)) {
    const count = Number(line);
    if (count < 0) return { node: { type }, end: next };
    const items: RespNode[] = [];
    let end = next;
    for (let left = "%|".includes(type) ? count * 2 : count; left > 0; left--) {
      const item = parseReply(bytes, end);
      if (!item) return undefined;
      items.push(item.node);
      end = item.end;
    }
    return { node: { type, items }, end };
  }
  if (!"+-:,#(_".includes(type)) throw new Error(`not a reply: ${type}${line.slice(0, 100)}`);
  return { node: { type, text: line }, end: next };
}

/** One line that shows all of a reply; two replies show the same text exactly if their bytes are the same. */
export function showReply(node: RespNode): string {
  if (node.items) {
    const items = node.items.map(showReply).join(", ");
    return node.type === "*" ? `[${items}]` : `${node.type}[${items}]`;
  }
  if (node.text === undefined) return `nil${node.type}`;
  if (node.type === "$") return quote(node.text);
  if ("=!".includes(node.type)) return `${node.type}${quote(node.text)}`;
  return `${node.type}${escape(node.text)}`;
}

/** As redis-cli writes it: `"a\x00b"`. */
export function quote(text: string): string {
  return `"${escape(text).replaceAll('"', String.raw`\"`)}"`;
}

function escape(text: string): string {
  return text.replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, (character) => {
    if (character === "\\") return "\\\\";
    if (character === "\r") return String.raw`\r`;
    if (character === "\n") return String.raw`\n`;
    return `\\x${character.codePointAt(0)?.toString(16).padStart(2, "0") ?? ""}`;
  });
}
