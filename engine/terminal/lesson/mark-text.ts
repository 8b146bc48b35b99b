import type { SessionLabel } from "../../lesson/lesson-event.ts";
import { markSessions } from "../../lesson/mark-sessions.ts";
import type { Style } from "../style.ts";

const SHOWN_OF_SIGNATURE = 4;

/** What of a text is left as it is. */
type Keeps = "nothing" | "cookie" | "everything";

/**
 * Puts the label of a session for its ID, in its colour: `connect.sid=s%3Aada·3f2c.Yx0q…`. So the
 * same session is recognised in a cookie, a command and a key. What is in the cookie field of a stored
 * session is left out, unless `keeps` says `cookie`; with `everything` the text is only coloured.
 */
export function markText(
  text: string,
  sessions: readonly SessionLabel[],
  style: Style,
  { keeps = "nothing" }: { keeps?: Keeps } = {},
): string {
  if (keeps !== "everything") {
    return paintLabels(labelText(text, sessions, { keeps }), sessions, style);
  }
  return markSessions(text, sessions)
    .map(({ text: part, session }) =>
      session === undefined ? part : style.session(session.index)(part),
    )
    .join("");
}

/** The same without colours: so the text can be cut before they are put in. */
export function labelText(
  text: string,
  sessions: readonly SessionLabel[],
  { keeps = "nothing" }: { keeps?: Exclude<Keeps, "everything"> } = {},
): string {
  let short = keeps === "nothing" ? collapseCookie(text) : text;
  for (const { id } of sessions) short = shortenSignature(short, id);
  return markSessions(short, sessions)
    .map(({ text: part, session }) => session?.label ?? part)
    .join("");
}

/** Colours the labels in a text. */
export function paintLabels(text: string, sessions: readonly SessionLabel[], style: Style): string {
  const asIds = sessions.map((session) => ({ ...session, id: session.label }));
  return markSessions(text, asIds)
    .map(({ text: part, session }) =>
      session === undefined ? part : style.session(session.index)(part),
    )
    .join("");
}

/** What the cookie field of a stored session holds is the same each time and hides the rest. */
export function collapseCookie(text: string): string {
  return text.replaceAll(/(\\?"cookie\\?":\{)[^{}]*(\}|$)/g, (_all, head: string) => `${head}…}`);
}

function shortenSignature(text: string, id: string): string {
  return text
    .split(`${id}.`)
    .map((part, at) =>
      at === 0
        ? part
        : part.replace(/^([\w%+/=-]{9,})/, (all) => `${all.slice(0, SHOWN_OF_SIGNATURE)}…`),
    )
    .join(`${id}.`);
}
