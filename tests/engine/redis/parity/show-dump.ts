import { isDump, restoreValue } from "../../../../engine/redis/embedded/rdb/restore-value.ts";
import { HashValue } from "../../../../engine/redis/embedded/values/hash.ts";
import { ListValue } from "../../../../engine/redis/embedded/values/list.ts";
import { SetValue } from "../../../../engine/redis/embedded/values/set.ts";
import { StreamValue } from "../../../../engine/redis/embedded/values/stream.ts";
import { showId } from "../../../../engine/redis/embedded/streams/stream-id.ts";

const SET_TABLE = 2;
const HASH_TABLE = 4;
const LIST = 18;
const STREAM = 19;

/** A DUMP with what may differ made the same; most are compared byte by byte. */
export function showDump(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const type = bytes[0];
  const nodes = bytes[1] ?? 0;
  const mayDiffer =
    type === SET_TABLE || type === HASH_TABLE || type === STREAM || (type === LIST && nodes > 1);
  if (!mayDiffer || !isDump(bytes)) return text;
  const value = restoreValue(bytes);
  if (value instanceof SetValue) return show("set", [...value.members.keys()].toSorted());
  if (value instanceof HashValue) {
    const pairs = [...value.fields.entries()].map(([field, content]) => [field, latin1(content)]);
    return show("hash", pairs.toSorted());
  }
  if (value instanceof ListValue) return show("list", value.items.map(latin1));
  if (value instanceof StreamValue) {
    const entries = [...value.range()].map(({ id, items }) => [
      latin1(showId(id)).replace(/^1[6-9]\d{11}-\d+$/, "now"),
      items.map(latin1),
    ]);
    return show("stream", [entries, value.entriesAdded, [...value.groups.keys()].toSorted()]);
  }
  return text;
}

function show(kind: string, content: unknown): string {
  return `${kind} ${JSON.stringify(content)}`;
}

function latin1(bytes: Buffer): string {
  return bytes.toString("latin1");
}
