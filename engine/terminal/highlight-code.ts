import { parse } from "sugar-high/core";
import { lang, languages } from "sugar-high/lang";
import type { Style } from "./style.ts";

/** Source text in the terminal's colours; a language that is not known stays plain. */
export function highlightCode(code: string, language: string, style: Style): string[] {
  const id = language === "" ? undefined : lang(language);
  if (!style.hasColor || id === undefined || id === "plaintext") return code.split("\n");
  const config = languages.find((each) => each.id === id)?.config;
  const parsed = parse(code, config);
  return parsed.lines.map(({ tokens }) =>
    tokens.map(({ type, value }) => paint(type, value, style)).join(""),
  );
}

function paint(type: string, value: string, style: Style): string {
  switch (type) {
    case "keyword":
      return style.keyword(value);
    case "string":
      return style.text(value);
    case "comment":
      return style.dim(value);
    case "class":
    case "entity":
      return style.code(value);
    default:
      return value;
  }
}
