import { toAscii } from "./to-ascii.ts";
import { createStyle, type Style } from "./style.ts";

/** What is written to, and what it can show. */
export interface Terminal {
  readonly style: Style;
  readonly isInteractive: boolean;
  /** Now: it may be resized. */
  columns(): number;
  rows(): number;
  write(text: string): void;
  /** Each line with its line end. */
  writeLines(lines: readonly string[]): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;
const LEAST_COLUMNS = 40;

/** Describes the terminal at standard input and output, or the lack of one. */
export function openTerminal(
  environment: Environment = process.env,
  output: NodeJS.WriteStream = process.stdout,
  input: NodeJS.ReadStream = process.stdin,
): Terminal {
  const isTerminal = output.isTTY;
  const style = createStyle(hasColor(environment, isTerminal));
  const show = isTerminal && !hasUnicode(environment) ? toAscii : (text: string) => text;
  const write = (text: string) => void output.write(show(text));
  return {
    style,
    isInteractive: isTerminal && input.isTTY,
    // Some terminals report 0, and nothing can be laid out in less than 40.
    columns: () =>
      isTerminal && output.columns > 0 ? Math.max(LEAST_COLUMNS, output.columns) : USUAL_COLUMNS,
    rows: () => (isTerminal && output.rows > 0 ? output.rows : USUAL_ROWS),
    write,
    writeLines: (lines) => write(lines.map((line) => `${line}\n`).join("")),
  };
}

/** NO_COLOR wins over FORCE_COLOR; else colours are for terminals. */
export function hasColor(environment: Environment, isTerminal: boolean): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}

/** Whether boxes and arrows can be drawn. */
export function hasUnicode(
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform === "win32") {
    return ["WT_SESSION", "ConEmuTask", "TERM_PROGRAM", "TERM"].some(
      (name) => (environment[name] ?? "") !== "",
    );
  }
  if (environment["TERM"] === "linux" || environment["TERM"] === "dumb") return false;
  const locale = [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find(
    (value) => value !== undefined && value !== "",
  );
  return locale === undefined || /utf-?8/i.test(locale);
}
