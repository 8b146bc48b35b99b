/** One character for one, so that nothing moves. */
const PLAIN: Readonly<Record<string, string>> = {
  "…": "~",
  "·": ".",
  "•": "*",
  "●": "*",
  "→": ">",
  "←": "<",
  "↓": "v",
  "▸": ">",
  "✓": "+",
  "✗": "x",
  "±": "~",
  "×": "x",
  "–": "-",
  "—": "-",
  "‘": "'",
  "’": "'",
  "“": '"',
  "”": '"',
  "─": "-",
  "━": "=",
  "│": "|",
  "┃": "|",
  "█": "#",
  "░": ".",
};

/** For terminals without Unicode: box drawing and arrows as the ASCII that is nearest; the width stays. */
export function toAscii(text: string): string {
  return text.replaceAll(
    /[^\0-\u007F]/g,
    (character) => PLAIN[character] ?? (/[\u2500-\u257F]/.test(character) ? "+" : character),
  );
}
