import stringWidth from "string-width";

/** From here on the terminal has this size. */
export interface Resize {
  /** Index in the output. */
  readonly at: number;
  readonly columns: number;
  readonly rows: number;
}

const ESCAPE = "\u001B";
const TOKENS = new RegExp(
  `${ESCAPE}\\[([?\\d;]*)([A-Za-z])|${ESCAPE}\\][^\u0007${ESCAPE}]*(?:\u0007|${ESCAPE}\\\\)|[^${ESCAPE}]`,
  "gu",
);

/**
 * What stands on the screen of a terminal that was sent this output, line by line, without
 * colours; `scrolled` are the lines that have left it at the top. It knows the codes that the
 * workbook sends, and refuses others.
 */
export function renderScreen(
  output: string,
  sizes: readonly [Resize, ...Resize[]],
): { lines: string[]; scrolled: string[] } {
  let { columns, rows } = sizes[0];
  let next = 1;
  let screen: string[][] = [[]];
  const scrolled: string[] = [];
  let [row, column] = [0, 0];
  const down = () => {
    row += 1;
    while (screen.length <= row) screen.push([]);
    if (row >= rows) {
      scrolled.push(toText(screen.shift() ?? []));
      row -= 1;
    }
  };
  const put = (character: string) => {
    const width = stringWidth(character);
    if (column + width > columns) {
      column = 0;
      down();
    }
    const line = (screen[row] ??= []);
    while (line.length < column) line.push(" ");
    line[column] = character;
    if (width === 2) line[column + 1] = "";
    column += width;
  };
  const obey = (parameters: string, command: string) => {
    const [first = 0, second = 0] = parameters.split(";").map(Number);
    const line = (screen[row] ??= []);
    switch (command) {
      case "m":
      case "h":
      case "l":
        return;
      case "H":
        [row, column] = [Math.max(0, first - 1), Math.max(0, second - 1)];
        while (screen.length <= row) screen.push([]);
        return;
      case "J":
        if (first === 3) scrolled.length = 0;
        else if (first === 2) screen = screen.map(() => []);
        else {
          line.length = Math.min(line.length, column);
          screen.length = row + 1;
        }
        return;
      case "K":
        if (first === 2) line.length = 0;
        else line.length = Math.min(line.length, column);
        return;
      case "A":
        row = Math.max(0, row - Math.max(1, first));
        return;
      case "C":
        column = Math.min(columns - 1, column + Math.max(1, first));
        return;
      case "D":
        column = Math.max(0, column - Math.max(1, first));
        return;
      case "G":
        column = Math.max(0, first - 1);
        return;
      default:
        throw new Error(`A code that the screen does not know: ${parameters}${command}`);
    }
  };
  for (const match of output.matchAll(TOKENS)) {
    const size = sizes[next];
    if (size !== undefined && match.index >= size.at) {
      ({ columns, rows } = size);
      next += 1;
    }
    const [text, parameters = "", command] = match;
    if (command !== undefined) obey(parameters, command);
    else if (text === "\n") down();
    else if (text === "\r") column = 0;
    else if (text === "\b") column = Math.max(0, column - 1);
    else if (text.length <= 2 && text >= " ") put(text);
  }
  return { lines: screen.map(toText), scrolled };
}

function toText(line: readonly string[]): string {
  return Array.from(line, (each) => each ?? " ")
    .join("")
    .trimEnd();
}
