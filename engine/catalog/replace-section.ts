/**
 * What stands between `<!-- name:start -->` and `<!-- name:end -->`.
 * @throws Error when the text has no such section
 */
export function readSection(text: string, name: string): string {
  const { start, from, to } = findSection(text, name);
  return text.slice(from + start.length, to);
}

/**
 * The text with other content between `<!-- name:start -->` and `<!-- name:end -->`.
 * @throws Error when it has no such section
 */
export function replaceSection(text: string, name: string, content: string): string {
  const { start, from, to } = findSection(text, name);
  return `${text.slice(0, from)}${start}\n\n${content}\n\n${text.slice(to)}`;
}

function findSection(text: string, name: string): { start: string; from: number; to: number } {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`There is no ${start} with ${end} after it.`);
  return { start, from, to };
}
