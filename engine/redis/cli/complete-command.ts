/**
 * What a typed line may become, for the Tab key: names of commands, and of subcommands behind their
 * command. In capitals, unless the line is in small letters.
 * @param names as COMMAND LIST answers them: `get`, `client|list`
 */
export function completeCommand(names: readonly string[], line: string): [string[], string] {
  const typed = line.replace(/^\s+/, "");
  const wanted = typed.toLowerCase();
  if (/\s\S+\s/.test(wanted)) return [[], line];
  const small = typed === wanted && typed !== "";
  const found = names
    .map((name) => name.replace("|", " "))
    .filter((name) => name.startsWith(wanted))
    // Subcommands come once their command is there.
    .filter((name) => !name.includes(" ") || /\s/.test(wanted))
    .toSorted()
    .map((name) => (small ? name : name.toUpperCase()));
  return [found.length === 1 ? found.map((name) => `${name} `) : found, typed];
}
