/** What any process needs to run at all, on any system. Nothing that says who runs it, and no secrets. */
const NEEDED = [
  "PATH",
  "Path",
  "PATHEXT",
  "SystemRoot",
  "SYSTEMROOT",
  "windir",
  "SystemDrive",
  "ComSpec",
  "TMPDIR",
  "TEMP",
  "TMP",
  "TZ",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "LD_LIBRARY_PATH",
];

/** The environment of a program: what any process needs, and `own` over it. */
export function programEnvironment(
  own: Readonly<Record<string, string>>,
  from: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of NEEDED) {
    const value = from[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...own };
}
