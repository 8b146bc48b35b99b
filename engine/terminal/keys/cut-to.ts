import stringWidth from "string-width";

/** The text, or its beginning and a sign for the rest, in at most `columns`. No colours in it. */
export function cutTo(text: string, columns: number, more = "…"): string {
  if (stringWidth(text) <= columns) return text;
  let cut = "";
  let width = stringWidth(more);
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return cut + more;
}
