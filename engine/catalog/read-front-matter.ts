import { open } from "node:fs/promises";
import { parse } from "yaml";

const CHUNK_BYTES = 16 * 1024;

/**
 * The YAML between the first two `---` of a Markdown file, and nothing below it: a list of all
 * lessons must not cost the reading of them. Undefined: no such file, no front matter, or none
 * that can be read; the content rules say what is wrong with it.
 */
export async function readFrontMatter(
  file: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, 0);
    text = buffer.toString("utf8", 0, bytesRead);
  } catch {
    return undefined;
  }
  const yaml = /^---\r?\n([\s\S]*?)\r?\n---\r?$/m.exec(text)?.[1];
  if (yaml === undefined || !text.startsWith("---")) return undefined;
  try {
    const value: unknown = parse(yaml);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
