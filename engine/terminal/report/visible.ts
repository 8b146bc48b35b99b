/** Control characters, and those that turn the direction of a line: a terminal would obey them. */
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** A text of a submission as it can be printed: in one line, and without effect on the terminal. */
export function visible(text: string): string {
  return text
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll("\t", " ")
    .replaceAll(UNSEEN, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
