const CLASSES = "g$lshzxetd";
const ALL_LETTERS = `${CLASSES}KEmn`;

/** The event classes that a `notify-keyspace-events` names, or undefined if a letter is unknown. */
export function eventFlags(text: string): Set<string> | undefined {
  const flags = new Set<string>();
  for (const letter of text) {
    if (letter === "A") for (const each of CLASSES) flags.add(each);
    else if (ALL_LETTERS.includes(letter)) flags.add(letter);
    else return undefined;
  }
  return flags;
}

/** As CONFIG GET shows them. */
export function eventFlagsText(flags: ReadonlySet<string>): string {
  const all = [...CLASSES].every((letter) => flags.has(letter));
  const classes = all ? "A" : [..."g$lshzxetd"].filter((letter) => flags.has(letter)).join("");
  return classes + [..."KEmn"].filter((letter) => flags.has(letter)).join("");
}
