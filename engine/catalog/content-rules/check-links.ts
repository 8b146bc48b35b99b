import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { ContentViolation } from "./content-violation.ts";
import { listFiles } from "./list-files.ts";

/** Every relative link of every Markdown file leads to a file that is there, and to a heading of it. */
export async function checkLinks(repository: string): Promise<ContentViolation[]> {
  const found: ContentViolation[] = [];
  const files = (await listFiles(repository)).filter((file) => file.endsWith(".md"));
  for (const file of files) {
    const text = await readFile(path.join(repository, file), "utf8");
    for (const { target, line } of linksOf(text)) {
      const problem = await findProblem(repository, file, text, target);
      if (problem !== undefined) {
        found.push({ file, line, problem, remedy: `Mend the link to ${target}.` });
      }
    }
  }
  return found;
}

async function findProblem(
  repository: string,
  from: string,
  text: string,
  target: string,
): Promise<string | undefined> {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  const [file = "", anchor] = target.split("#", 2);
  const at = path.join(repository, path.dirname(from), decodeURIComponent(file));
  const there = file === "" ? undefined : await stat(at).catch(() => null);
  if (there === null) return `No file ${file}.`;
  if (anchor === undefined) return undefined;
  if (there?.isDirectory() === true) return `${file} is a folder, which has no headings.`;
  const other = there === undefined ? text : await readFile(at, "utf8");
  return anchorsOf(other).has(anchor.toLowerCase()) ? undefined : `No heading #${anchor} there.`;
}

/** Links and pictures outside of code. */
function linksOf(markdown: string): { target: string; line: number }[] {
  const found: { target: string; line: number }[] = [];
  for (const { text, line } of proseLines(markdown)) {
    const prose = text.replaceAll(/`[^`]*`/g, (code) => " ".repeat(code.length));
    for (const match of prose.matchAll(/\]\(<?([^)<>\s]+)>?(?:\s+"[^"]*")?\)/g)) {
      found.push({ target: match[1] ?? "", line });
    }
    const reference = /^\[[^\]]+\]:\s+(\S+)/.exec(prose);
    if (reference !== null) found.push({ target: reference[1] ?? "", line });
  }
  return found;
}

/** Anchors as code hosts make them from headings; a heading that comes twice gets a number. */
function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const { text } of proseLines(markdown)) {
    const explicit = /<a (?:id|name)="([^"]+)"/.exec(text);
    if (explicit?.[1] !== undefined) anchors.add(explicit[1].toLowerCase());
    const heading = /^#{1,6} (.+)$/.exec(text)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

function proseLines(markdown: string): { text: string; line: number }[] {
  let fence: string | undefined;
  const lines: { text: string; line: number }[] = [];
  for (const [index, text] of markdown.split("\n").entries()) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark !== undefined && fence === undefined) fence = mark;
    else if (mark !== undefined && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    else if (fence === undefined) lines.push({ text, line: index + 1 });
  }
  return lines;
}
