import { closest } from "fastest-levenshtein";
import { listSlugs } from "../catalog/content-rules/check-slugs.ts";
import { UserError } from "../errors.ts";

/**
 * The exercises that an author's command is about: the one that its first word names, else all.
 * @throws UserError when the first word names none and is not among `words`
 */
export async function chooseSlugs(
  repository: string,
  args: readonly string[],
  words: readonly string[] = ["every", "quick"],
): Promise<{ slugs: readonly string[]; rest: readonly string[] }> {
  const all = await listSlugs(repository);
  const [first = ""] = args;
  if (first === "" || words.includes(first)) return { slugs: all, rest: args };
  const slug = first.replaceAll("\\", "/").replace(/\/+$/, "").replace(/^.*\//, "");
  if (all.includes(slug)) return { slugs: [slug], rest: args.slice(1) };
  throw new UserError(`There is no exercise "${first}". Did you mean ${closest(first, all)}?`, {
    hint: `one of: ${all.join(", ")}`,
  });
}
