import picocolors from "picocolors";

type Paint = (text: string) => string;

/** Colours by what they mean. Without colours each leaves its text as it is. */
export interface Style {
  readonly hasColor: boolean;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly italic: Paint;
  readonly underline: Paint;
  readonly heading: Paint;
  readonly code: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  /** Keys to press, things to type. */
  readonly key: Paint;
  readonly frame: Paint;
  readonly keyword: Paint;
  readonly text: Paint;
  readonly number: Paint;
  readonly invert: Paint;
  /** A text that leads to an address, where the terminal can follow it; else the address follows it. */
  link(text: string, address: string): string;
  /** The colour of one session, by its index. */
  session(index: number): Paint;
}

export function createStyle(hasColor: boolean): Style {
  const c = picocolors.createColors(hasColor);
  const sessions = [
    c.cyanBright,
    c.magentaBright,
    c.yellowBright,
    c.greenBright,
    c.blueBright,
    c.redBright,
  ];
  return {
    hasColor,
    bold: c.bold,
    dim: c.dim,
    italic: c.italic,
    underline: c.underline,
    heading: (text) => c.bold(c.cyan(text)),
    code: c.yellow,
    good: c.green,
    bad: c.red,
    warn: c.yellow,
    key: (text) => c.bold(c.green(text)),
    frame: c.gray,
    keyword: c.magenta,
    text: c.green,
    number: c.yellow,
    invert: c.inverse,
    link: (text, address) =>
      hasColor
        ? `\u001B]8;;${address}\u0007${c.underline(text)}\u001B]8;;\u0007`
        : `${text} (${address})`,
    session: (index) => {
      const paint = sessions[index % sessions.length] ?? c.cyanBright;
      return (text) => c.bold(paint(text));
    },
  };
}
