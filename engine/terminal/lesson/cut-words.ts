import stringWidth from "string-width";

/** Quoted arguments, and others. */
const WORDS = /"(?:[^"\\]|\\.)*"|\S+/g;
/** A word is not cut to less. */
const LEAST = 28;
const LONGEST_TAIL = 24;

/**
 * A command in at most `columns`, cut inside its longest arguments: so its other arguments, and the ends
 * of the long ones, are still there. Longer when even that is too long. No colours in it.
 */
export function cutWords(text: string, columns: number): string {
  let excess = stringWidth(text) - columns;
  if (excess <= 0) return text;
  const words = text.match(WORDS) ?? [];
  const cut = words.map((word) => word);
  const order = words
    .map((word, at) => ({ at, length: word.length }))
    .toSorted((a, b) => b.length - a.length);
  for (const { at, length } of order) {
    if (excess <= 0 || length <= LEAST) break;
    const left = Math.max(LEAST, length - excess);
    cut[at] = cutMiddle(words[at] ?? "", left);
    excess -= length - left;
  }
  return cut.join(" ");
}

function cutMiddle(word: string, length: number): string {
  const tail = Math.min(LONGEST_TAIL, Math.floor(length / 3));
  // A backslash belongs to what follows it.
  const head = word.slice(0, length - tail - 1).replace(/\\+$/, "");
  return `${head}…${word.slice(word.length - tail)}`;
}
