const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/**
 * The words of an inline command, quoted as Redis allows: `"…"` with escapes, `'…'` with `\'` only.
 * Undefined: a quote is not closed, or is followed by something other than a blank.
 */
export function splitInline(line: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isBlank(line[at])) at += 1;
    if (at >= line.length) return words;
    let word = "";
    while (at < line.length && !isBlank(line[at])) {
      const character = line[at] ?? "";
      if (character !== '"' && character !== "'") {
        word += character;
        at += 1;
        continue;
      }
      const quoted = readQuoted(line, at + 1, character);
      if (!quoted || (quoted.end < line.length && !isBlank(line[quoted.end]))) return undefined;
      word += quoted.text;
      at = quoted.end;
    }
    words.push(word);
  }
}

function isBlank(character: string | undefined): boolean {
  // Not \s, which has U+00A0 in it: a byte of many UTF-8 characters.
  return character !== undefined && /[ \t\n\v\f\r\0]/.test(character);
}

function readQuoted(
  line: string,
  from: number,
  quote: string,
): { text: string; end: number } | undefined {
  let text = "";
  for (let at = from; at < line.length; at++) {
    const character = line[at] ?? "";
    const next = line[at + 1];
    if (character === quote) return { text, end: at + 1 };
    if (character !== "\\" || next === undefined) text += character;
    else if (quote === "'") {
      if (next === "'") at += 1;
      text += next === "'" ? "'" : character;
    } else if (next === "x" && /^[\da-f]{2}/i.test(line.slice(at + 2, at + 4))) {
      text += String.fromCharCode(Number.parseInt(line.slice(at + 2, at + 4), 16));
      at += 3;
    } else {
      text += ESCAPES[next] ?? next;
      at += 1;
    }
  }
  return undefined;
}
