import stringWidth from "string-width";

const COLUMN = 8.4;
const ROW = 19;
const MARGIN = 18;
const BAR = 30;
const BACKGROUND = "#14181f";
const TEXT = "#d6dce6";

/** By the codes of the terminal; chosen to be told apart on the dark background. */
const COLOURS: Readonly<Record<string, string>> = {
  "30": "#14181f",
  "31": "#f07178",
  "32": "#a5d77f",
  "33": "#e6c06c",
  "34": "#7aa7ff",
  "35": "#d49bf0",
  "36": "#6fd3e0",
  "37": "#d6dce6",
  "90": "#667085",
  "91": "#ff8d94",
  "92": "#b9ec93",
  "93": "#ffd97d",
  "94": "#93b8ff",
  "95": "#eab0ff",
  "96": "#7fe9f5",
};

interface Look {
  colour: string;
  isBold: boolean;
  isDim: boolean;
  isItalic: boolean;
  isUnderlined: boolean;
}

const ESCAPE = "\u001B";
const PARTS = new RegExp(
  `${ESCAPE}\\[([\\d;]*)m|${ESCAPE}\\]8;;[^\u0007]*\u0007|([^${ESCAPE}]+)`,
  "g",
);

/** Draws lines with colours, as a terminal shows them, as an SVG whose text can be selected. */
export function toSvg(lines: readonly string[], columns: number, title: string): string {
  const width = Math.ceil(columns * COLUMN + 2 * MARGIN);
  const height = BAR + lines.length * ROW + 2 * MARGIN - 8;
  const dots = ["#f07178", "#e6c06c", "#a5d77f"].map(
    (colour, at) => `<circle cx="${20 + at * 18}" cy="17" r="5.5" fill="${colour}"/>`,
  );
  const rows = lines.flatMap((line, at) => row(line, BAR + MARGIN + at * ROW + 6));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...dots,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${TEXT}" stroke-linecap="square" xml:space="preserve">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function row(line: string, y: number): string[] {
  const look: Look = {
    colour: TEXT,
    isBold: false,
    isDim: false,
    isItalic: false,
    isUnderlined: false,
  };
  let column = 0;
  const spans: string[] = [];
  const frames = new Map<string, string>();
  for (const [, codes, text] of line.matchAll(PARTS)) {
    if (text === undefined) {
      if (codes !== undefined) for (const code of codes.split(";")) apply(look, code);
      continue;
    }
    // Frames are drawn, so that they meet in every font.
    for (const part of text.match(FRAME_OR_TEXT) ?? []) {
      const x = MARGIN + column * COLUMN;
      const columns = stringWidth(part);
      column += columns;
      if (Object.hasOwn(ARMS, part.charAt(0))) {
        const strokes = [...part].map((each, at) => stroke(each, x + at * COLUMN, y));
        const key = `stroke="${look.colour}"${part.startsWith("━") ? ' stroke-width="2"' : ""}`;
        frames.set(key, (frames.get(key) ?? "") + strokes.join(""));
      } else if (part.trim() !== "") spans.push(span(part, look, x, columns));
    }
  }
  const paths = [...frames].map(([key, path]) => `<path ${key} d="${path}"/>`);
  return spans.length === 0 ? paths : [...paths, `<text y="${y}">${spans.join("")}</text>`];
}

/** Where a line of a frame goes from the middle of its cell: up, right, down, left. */
const ARMS: Readonly<Record<string, string>> = {
  "─": "rl",
  "━": "rl",
  "│": "ud",
  "╭": "rd",
  "╮": "dl",
  "╰": "ur",
  "╯": "ul",
  "┬": "rdl",
  "┴": "url",
  "├": "urd",
  "┤": "udl",
  "┼": "urdl",
};
const FRAME_OR_TEXT = new RegExp(
  `[${Object.keys(ARMS).join("")}]+|[^${Object.keys(ARMS).join("")}]+`,
  "g",
);

function stroke(character: string, x: number, baseline: number): string {
  const [middle, centre] = [round(x + COLUMN / 2), round(baseline - 4.5)];
  const ends: Readonly<Record<string, string>> = {
    u: `V${round(baseline - 4.5 - ROW / 2)}`,
    d: `V${round(baseline - 4.5 + ROW / 2)}`,
    r: `H${round(x + COLUMN)}`,
    l: `H${round(x)}`,
  };
  const arms = [...(ARMS[character] ?? "")];
  return arms.map((arm) => `M${middle} ${centre}${ends[arm] ?? ""}`).join("");
}

function span(text: string, look: Look, x: number, columns: number): string {
  const attributes = [
    `x="${round(x)}"`,
    // Whatever font there is: the columns stay where they are.
    `textLength="${round(columns * COLUMN)}" lengthAdjust="spacingAndGlyphs"`,
    ...(look.colour === TEXT ? [] : [`fill="${look.colour}"`]),
    ...(look.isBold ? ['font-weight="bold"'] : []),
    ...(look.isItalic ? ['font-style="italic"'] : []),
    ...(look.isDim ? ['fill-opacity="0.62"'] : []),
    ...(look.isUnderlined ? ['text-decoration="underline"'] : []),
  ];
  return `<tspan ${attributes.join(" ")}>${escape(text)}</tspan>`;
}

function apply(look: Look, code: string): void {
  const isIn = (...codes: string[]) => codes.includes(code);
  if (isIn("", "0")) {
    Object.assign(look, {
      colour: TEXT,
      isBold: false,
      isDim: false,
      isItalic: false,
      isUnderlined: false,
    });
  }
  if (isIn("1")) look.isBold = true;
  if (isIn("2")) look.isDim = true;
  if (isIn("22")) look.isBold = look.isDim = false;
  if (isIn("3", "23")) look.isItalic = code === "3";
  if (isIn("4", "24")) look.isUnderlined = code === "4";
  if (isIn("39")) look.colour = TEXT;
  look.colour = COLOURS[code] ?? look.colour;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
