/**
 * A token with one letter replaced by another of its kind, so that its form stays as it was;
 * `share` says where, from 0 (the first) up to 1.
 */
export function replaceLetter(token: string, share: number): string {
  let at = Math.floor(token.length * share);
  while (at < token.length - 1 && !/[a-z\d]/i.test(token[at] ?? "")) at += 1;
  return token.slice(0, at) + another(token[at] ?? "") + token.slice(at + 1);
}

function another(letter: string): string {
  if (/\d/.test(letter)) return letter === "0" ? "1" : "0";
  // a and b, so that hexadecimal stays hexadecimal.
  if (/[A-Z]/.test(letter)) return letter === "A" ? "B" : "A";
  return letter === "a" ? "b" : "a";
}

const encodings = ["base64", "base64url", "hex"] as const;

/** The tokens that come of putting `to` where `from` stands, plainly or in an encoded part. */
export function replaceName(token: string, from: string, to: string): string[] {
  const made = new Set<string>();
  const add = (changed: string) => void made.add(changed);
  add(token.replaceAll(from, to));
  add(token.replaceAll(encodeURIComponent(from), encodeURIComponent(to)));
  for (const part of token.split(/[.:|~!,]|%[\dA-F]{2}/i)) {
    for (const encoding of encodings) {
      const text = Buffer.from(part, encoding).toString();
      if (!text.includes(from)) continue;
      const changed = Buffer.from(text.replaceAll(from, to)).toString(encoding);
      add(token.replace(part, changed));
    }
  }
  made.delete(token);
  return [...made];
}
