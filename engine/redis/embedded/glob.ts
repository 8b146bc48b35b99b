/**
 * Whether a text matches a Redis pattern (`*`, `?`, `[a-c]`, `[^x]`, `\` quotes), byte by byte on
 * latin1 strings. The oddities are Redis's own: an unclosed `[` takes the rest of the pattern.
 */
export function matchesGlob(pattern: string, text: string, ignoreCase = false): boolean {
  return ignoreCase
    ? match(pattern.toLowerCase(), 0, text.toLowerCase(), 0)
    : match(pattern, 0, text, 0);
}

function match(pattern: string, patternStart: number, text: string, textStart: number): boolean {
  let p = patternStart;
  let t = textStart;
  // The last star seen and the text it must cover so far: going back to it is all the search needed.
  let starAt = -1;
  let coveredTo = 0;
  for (;;) {
    if (p < pattern.length && pattern[p] === "*") {
      starAt = p;
      coveredTo = t;
      p += 1;
      continue;
    }
    if (t >= text.length) return onlyStars(pattern, p);
    const next = p < pattern.length ? matchOne(pattern, p, text[t] ?? "") : -1;
    if (next >= 0) {
      p = next;
      t += 1;
      continue;
    }
    if (starAt < 0) return false;
    coveredTo += 1;
    t = coveredTo;
    p = starAt + 1;
  }
}

function onlyStars(pattern: string, from: number): boolean {
  for (let p = from; p < pattern.length; p++) if (pattern[p] !== "*") return false;
  return true;
}

/** The place behind the pattern's element at `p` if that matches the character, else -1. */
function matchOne(pattern: string, p: number, character: string): number {
  const element = pattern[p];
  if (element === "?") return p + 1;
  if (element === "[") return matchClass(pattern, p + 1, character);
  const at = element === "\\" && p + 1 < pattern.length ? p + 1 : p;
  return pattern[at] === character ? at + 1 : -1;
}

function matchClass(pattern: string, start: number, character: string): number {
  let p = start;
  const negated = pattern[p] === "^";
  if (negated) p += 1;
  let found = false;
  for (; p < pattern.length && pattern[p] !== "]"; p++) {
    if (pattern[p] === "\\" && p + 1 < pattern.length) {
      p += 1;
      if (pattern[p] === character) found = true;
    } else if (pattern[p + 1] === "-" && p + 2 < pattern.length) {
      const [low = "", high = ""] = [pattern[p] ?? "", pattern[p + 2] ?? ""].toSorted();
      if (character >= low && character <= high) found = true;
      p += 2;
    } else if (pattern[p] === character) found = true;
  }
  return found === negated ? -1 : Math.min(p + 1, pattern.length);
}
