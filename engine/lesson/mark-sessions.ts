import type { SessionLabel } from "./lesson-event.ts";

/** A piece of text, with the session that it names. */
export interface TextPart {
  readonly text: string;
  readonly session?: SessionLabel;
}

/** Splits a text at the IDs of sessions. The parts joined are the text again. */
export function markSessions(text: string, sessions: readonly SessionLabel[]): TextPart[] {
  let parts: TextPart[] = [{ text }];
  for (const session of sessions) {
    parts = parts.flatMap((part) =>
      part.session === undefined ? split(part.text, session) : [part],
    );
  }
  return parts.filter((part) => part.text !== "");
}

function split(text: string, session: SessionLabel): TextPart[] {
  return text
    .split(session.id)
    .flatMap((piece, at) =>
      at === 0 ? [{ text: piece }] : [{ text: session.id, session }, { text: piece }],
    );
}
