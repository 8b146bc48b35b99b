/** How many random bits these tokens have at most: by the places where they differ, and the letters there. */
export function randomBits(tokens: readonly string[]): number {
  const texts = tokens.map(decode);
  const length = Math.min(...texts.map((text) => text.length));
  const letters: string[] = [];
  let places = 0;
  for (let at = 0; at < length; at += 1) {
    const here = new Set(texts.map((text) => text[at] ?? ""));
    if (here.size === 1) continue;
    places += 1;
    letters.push(...here);
  }
  return Math.floor(places * bitsOf(letters.join("")));
}

function bitsOf(letters: string): number {
  if (/^\d*$/.test(letters)) return Math.log2(10);
  if (/^[\da-f-]*$/i.test(letters)) return 4;
  if (/^[\da-z-]*$/.test(letters)) return Math.log2(36);
  return 6;
}

/** Shorter pieces may be equal by chance. */
const PIECE = 10;

/**
 * How many characters of the token stand in none of the texts, neither as they are nor in another
 * encoding: what somebody who has read the texts would have to guess.
 */
export function unknownCharacters(token: string, texts: readonly string[]): number {
  const all = texts.join("\n");
  const text = decode(token);
  const known = Array.from({ length: text.length }, () => false);
  for (let at = 0; at + PIECE <= text.length; at += 1) {
    if (all.includes(text.slice(at, at + PIECE))) known.fill(true, at, at + PIECE);
  }
  for (const part of [text, ...text.split(/[.:|~!,]/)]) {
    const isThere = otherwiseEncoded(part).some((form) => all.includes(form));
    const at = text.indexOf(part);
    if (part.length >= PIECE && isThere) known.fill(true, at, at + part.length);
  }
  return known.filter((one) => !one).length;
}

/** The longest part of the token that stands in one of the texts, in whatever encoding. */
export function knownPart(token: string, texts: readonly string[]): string | undefined {
  const all = texts.join("\n");
  const text = decode(token);
  let longest = "";
  for (let at = 0; at + PIECE <= text.length; at += 1) {
    let end = at + PIECE;
    if (!all.includes(text.slice(at, end))) continue;
    while (end < text.length && all.includes(text.slice(at, end + 1))) end += 1;
    if (end - at > longest.length) longest = text.slice(at, end);
  }
  if (longest !== "") return longest;
  const isThere = (part: string) => otherwiseEncoded(part).some((form) => all.includes(form));
  return [text, ...text.split(/[.:|~!,]/)].find((part) => part.length >= PIECE && isThere(part));
}

/** Without the padding, which depends on what stands after it. */
function otherwiseEncoded(text: string): string[] {
  const bytes = [Buffer.from(text), Buffer.from(text, "base64url"), Buffer.from(text, "hex")];
  return bytes
    .filter(({ length }) => length >= PIECE)
    .flatMap((each) => [
      each.toString("hex"),
      each.toString("base64").replace(/=+$/, ""),
      each.toString("base64url"),
    ]);
}

function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
