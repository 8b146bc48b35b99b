const names: ReadonlySet<string> = new Set(["KEYS", "SCAN", "RANDOMKEY", "DBSIZE"]);

/** Whether a command looks through all keys, also when a script does so. */
export function looksEverywhere(command: {
  readonly name: string;
  readonly args: readonly string[];
}): boolean {
  if (names.has(command.name)) return true;
  if (!/^(?:EVAL|SCRIPT)/.test(command.name)) return false;
  return command.args.some((text) =>
    /redis\s*\.\s*p?call\s*\(\s*["'](?:keys|scan|randomkey|dbsize)["']/i.test(text),
  );
}
