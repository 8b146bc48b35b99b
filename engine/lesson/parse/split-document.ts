import { lexer, type Token, type Tokens } from "marked";

/** A piece of the document at its outermost level, with its line. */
export type Piece = { readonly line: number } & (
  | { readonly kind: "heading"; readonly depth: number; readonly text: string }
  | { readonly kind: "text"; readonly markdown: string }
  | Fence
);

/** A fenced block. */
export interface Fence {
  readonly kind: "fence";
  readonly line: number;
  /** First word after the fence; empty when there is none. */
  readonly language: string;
  /** The words after it. */
  readonly words: readonly string[];
  readonly text: string;
  /** It stands inside a list or a quotation. */
  readonly isNested: boolean;
}

/**
 * Cuts Markdown into headings, fenced blocks and the text between them.
 * @param linesBefore lines of the document before `markdown`
 */
export function splitDocument(markdown: string, linesBefore: number): Piece[] {
  const pieces: Piece[] = [];
  let line = linesBefore + 1;
  let text = "";
  let textLine = line;
  const endText = () => {
    if (text.trim() !== "") pieces.push({ kind: "text", line: textLine, markdown: text.trim() });
    text = "";
  };
  for (const token of lexer(markdown)) {
    if (token.type === "heading" && (token as Tokens.Heading).depth <= 2) {
      endText();
      const { depth, text: title } = token as Tokens.Heading;
      pieces.push({ kind: "heading", line, depth, text: title });
    } else if (token.type === "code" && isFence(token.raw)) {
      endText();
      pieces.push(toFence(token as Tokens.Code, line, false));
    } else {
      if (text === "") textLine = line;
      text += token.raw;
      for (const nested of nestedFences(token)) {
        const before = token.raw.indexOf(nested.raw.split("\n")[0] ?? "");
        pieces.push(
          toFence(nested, line + countLines(token.raw.slice(0, Math.max(0, before))), true),
        );
      }
    }
    line += countLines(token.raw);
  }
  endText();
  return pieces;
}

function isFence(raw: string): boolean {
  return /^ {0,3}(?:```|~~~)/.test(raw);
}

function toFence(token: Tokens.Code, line: number, isNested: boolean): Fence {
  const [language = "", ...words] = (token.lang ?? "").split(/\s+/).filter((word) => word !== "");
  return { kind: "fence", line, language, words, text: token.text, isNested };
}

function nestedFences(token: Token): Tokens.Code[] {
  const children: Token[] =
    token.type === "list"
      ? (token as Tokens.List).items.flatMap((item) => item.tokens)
      : "tokens" in token
        ? (token.tokens ?? [])
        : [];
  return children.flatMap((child) =>
    child.type === "code" && isFence(child.raw) ? [child as Tokens.Code] : nestedFences(child),
  );
}

function countLines(raw: string): number {
  return raw.split("\n").length - 1;
}
