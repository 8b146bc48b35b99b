import type { StreamValue } from "../values/stream.ts";
import type { ConsumerGroup } from "./consumer-group.ts";
import { LEAST_ID, type StreamId } from "./stream-id.ts";

/**
 * How many entries were ever added up to an ID; undefined where deleted entries make it unknowable.
 */
export function entriesUpTo(stream: StreamValue, id: StreamId): number | undefined {
  const { entriesAdded, length, lastId, firstId, greatestDeletedId } = stream;
  if (entriesAdded === 0) return 0;
  if (length === 0 && id <= lastId) return entriesAdded;
  if (id === lastId) return entriesAdded;
  if (id > lastId) return undefined;
  if (greatestDeletedId !== LEAST_ID && greatestDeletedId >= firstId) return undefined;
  if (id < firstId) return entriesAdded - length;
  return id === firstId ? entriesAdded - length + 1 : undefined;
}

/** Whether an entry from an ID on has been deleted. */
function hasHoles(stream: StreamValue, from: StreamId): boolean {
  const { greatestDeletedId, firstId, length } = stream;
  if (length === 0 || greatestDeletedId === LEAST_ID || firstId > greatestDeletedId) return false;
  return from <= greatestDeletedId;
}

/** Moves a group on to an entry that is delivered. */
export function advanceGroup(stream: StreamValue, group: ConsumerGroup, id: StreamId): void {
  if (id <= group.lastId) return;
  if (group.entriesRead !== undefined && !hasHoles(stream, id)) group.entriesRead += 1;
  else if (stream.entriesAdded > 0) group.entriesRead = entriesUpTo(stream, id);
  group.lastId = id;
}

/** How many entries a group has still to read; null where that is not known. */
export function lagOf(stream: StreamValue, group: ConsumerGroup): number | null {
  if (stream.entriesAdded === 0) return 0;
  const read =
    group.entriesRead !== undefined && !hasHoles(stream, group.lastId)
      ? group.entriesRead
      : entriesUpTo(stream, group.lastId);
  return read === undefined ? null : stream.entriesAdded - read;
}
