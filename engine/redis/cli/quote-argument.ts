const PLAIN = /^[\p{L}\p{N}\p{S}!#$%&()*+,./:;<=>?@[\]^_`{|}~-]+$/u;
const ESCAPES: Readonly<Record<string, string>> = {
  "\n": String.raw`\n`,
  "\r": String.raw`\r`,
  "\t": String.raw`\t`,
  "\u0007": String.raw`\a`,
  "\b": String.raw`\b`,
  '"': String.raw`\"`,
  "\\": "\\\\",
};

/** An argument as one types it in redis-cli: in quotes where it must be. */
export function quoteArgument(text: string): string {
  if (PLAIN.test(text)) return text;
  // oxlint-disable-next-line no-control-regex
  const escaped = text.replaceAll(/["\\\u0000-\u001f\u007f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return ESCAPES[character] ?? String.raw`\x` + code;
  });
  return `"${escaped}"`;
}
