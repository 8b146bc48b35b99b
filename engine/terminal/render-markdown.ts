import { lexer, type Token, type Tokens } from "marked";
import stringWidth from "string-width";
import { highlightCode } from "./highlight-code.ts";
import { pad, wrap, wrapCode } from "./layout.ts";
import type { Style } from "./style.ts";

/** Markdown as lines for a terminal, at most `width` columns wide. Blank lines stand between blocks. */
export function renderMarkdown(markdown: string, width: number, style: Style): string[] {
  return renderBlocks(lexer(markdown), width, style);
}

/** The same, with lines of code as long as they are: code that is broken is no code any more. */
export function renderToCopy(markdown: string, width: number, style: Style): string[] {
  const blocks = lexer(markdown).map((token) =>
    renderBlocks([token], token.type === "code" ? Infinity : width, style),
  );
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}

/** One line of Markdown, such as a choice: emphasis, code and links. */
export function renderInline(markdown: string, style: Style): string {
  const [first] = lexer(markdown);
  return first === undefined ? "" : inline(childrenOf(first), style);
}

function renderBlocks(tokens: readonly Token[], width: number, style: Style): string[] {
  const blocks = tokens
    .map((token) => renderBlock(token, width, style))
    .filter((lines) => lines.length > 0);
  return blocks.flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}

function renderBlock(token: Token, width: number, style: Style): string[] {
  switch (token.type) {
    case "space":
    case "html":
    case "def":
      return [];
    case "heading":
      return wrap(style.bold(inline(childrenOf(token), style)), width);
    case "list":
      return renderList(token as Tokens.List, width, style);
    case "table":
      return renderTable(token as Tokens.Table, width, style);
    case "code": {
      const { text, lang = "" } = token as Tokens.Code;
      return highlightCode(text, lang, style)
        .flatMap((line) => wrapCode(line, lang, { width: width - 2 }))
        .map((line) => `  ${line}`);
    }
    case "blockquote":
      return renderBlocks(childrenOf(token), width - 2, style).map(
        (line) => `${style.frame("│")} ${line}`,
      );
    case "hr":
      return [style.frame("─".repeat(width))];
    default: {
      const children = childrenOf(token);
      const text = children.length > 0 ? inline(children, style) : textOf(token);
      // The source is wrapped by hand; here its line breaks mean nothing.
      return wrap(text.replaceAll(/\s*\n\s*/g, " "), width);
    }
  }
}

function renderList(list: Tokens.List, width: number, style: Style): string[] {
  const start = typeof list.start === "number" ? list.start : 1;
  const items = list.items.map((item, at) => {
    const mark = list.ordered ? `${start + at}.` : "•";
    const indent = " ".repeat(stringWidth(mark) + 1);
    const lines = renderBlocks(item.tokens, width - indent.length, style);
    return lines.map((line, row) =>
      row === 0 ? `${style.dim(mark)} ${line}` : line === "" ? "" : indent + line,
    );
  });
  return items.flatMap((lines, at) => (at > 0 && list.loose ? ["", ...lines] : lines));
}

const GAP = 2;
const LEAST_COLUMN = 8;

function renderTable(table: Tokens.Table, width: number, style: Style): string[] {
  const head = table.header.map((cell) => inline(cell.tokens, style));
  const rows = table.rows.map((row) => row.map((cell) => inline(cell.tokens, style)));
  const natural = head.map((title, at) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[at] ?? ""))),
  );
  const widths = shrink(natural, width - GAP * (natural.length - 1));
  const line = (cells: readonly string[], paint: (text: string) => string): string[] => {
    const wrapped = cells.map((cell, at) => wrap(cell, widths[at] ?? LEAST_COLUMN));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, row) =>
      wrapped
        .map((lines, at) => pad(paint(lines[row] ?? ""), widths[at] ?? 0))
        .join(" ".repeat(GAP))
        .trimEnd(),
    );
  };
  const isHeaded = head.some((title) => title !== "");
  const isTall = rows.some((row) => row.some((cell, at) => stringWidth(cell) > (widths[at] ?? 0)));
  return [
    ...(isHeaded ? line(head, style.bold) : []),
    style.frame(widths.map((columns) => "─".repeat(columns)).join("─".repeat(GAP))),
    // Where cells are wrapped, a blank line keeps the rows apart.
    ...rows.flatMap((row, at) => [...(isTall && at > 0 ? [""] : []), ...line(row, (text) => text)]),
  ];
}

/** Takes from the widest columns until all fit. */
function shrink(natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, each) => sum + each, 0) - room;
    const widest = Math.max(...widths);
    if (excess <= 0 || widest <= LEAST_COLUMN) return widths;
    widths[widths.indexOf(widest)] = widest - 1;
  }
}

function inline(tokens: readonly Token[], style: Style): string {
  return tokens.map((token) => inlineToken(token, style)).join("");
}

function inlineToken(token: Token, style: Style): string {
  const children = childrenOf(token);
  const text = children.length > 0 ? inline(children, style) : textOf(token);
  switch (token.type) {
    case "strong":
      return style.bold(text);
    case "em":
      return style.italic(text);
    case "codespan":
      return style.hasColor ? style.code(text) : `\`${text}\``;
    case "link": {
      const { href } = token as Tokens.Link;
      return /^https?:/.test(href) ? style.link(text, href) : style.underline(text);
    }
    case "br":
      return "\n";
    case "html":
      return "";
    default:
      return text;
  }
}

function childrenOf(token: Token): readonly Token[] {
  return "tokens" in token && Array.isArray(token.tokens) ? (token.tokens as Token[]) : [];
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? unescape(token.text) : token.raw;
}

/** The lexer escapes for HTML what it finds in plain text. */
function unescape(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}
