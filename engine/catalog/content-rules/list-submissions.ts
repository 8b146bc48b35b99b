import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { UserError } from "../../errors.ts";

/** Something that is graded to prove the checks of an exercise. */
export type Submission = {
  readonly slug: string;
  /** Relative to the repository, with forward slashes; what the proof calls it. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
} & (
  | { readonly kind: "starter" | "solution" | "alt" | "idle" }
  | { readonly kind: "wrong"; readonly record: WrongAnswer }
);

/** `wrong.json`: what is known of a wrong answer. */
export type WrongAnswer = v.InferOutput<typeof wrongAnswer>;

const checkNumber = v.pipe(v.number(), v.integer(), v.minValue(1));

const wrongAnswer = v.strictObject({
  /** The check that is there to catch this mistake. */
  mustCatch: checkNumber,
  /** All checks that it fails, mustCatch among them, in order. */
  fails: v.pipe(v.array(checkNumber), v.minLength(1)),
  /** Where another wrong answer fails the same checks: what only its failure says, or only its answers. */
  says: v.optional(v.pipe(v.string(), v.minLength(5))),
  /** What a learner reads whose failures look like this. */
  diagnosis: v.pipe(v.string(), v.minLength(20)),
});

/**
 * Starter, solution, right and wrong answers of an exercise.
 * @throws UserError when a wrong.json is missing or not as it should be
 */
export async function listSubmissions(repository: string, slug: string): Promise<Submission[]> {
  const tests = `tests/exercises/${slug}`;
  const found: Submission[] = [];
  const add = (kind: "starter" | "solution" | "alt", name: string) =>
    found.push({ kind, slug, name, folder: path.join(repository, name) });
  add("starter", `${tests}/starter`);
  add("solution", `solutions/${slug}`);
  for (const name of await namesIn(repository, `${tests}/alt`)) add("alt", name);
  for (const name of await namesIn(repository, `${tests}/wrong`)) {
    const folder = path.join(repository, name);
    found.push({ kind: "wrong", slug, name, folder, record: await readRecord(folder, name) });
  }
  return found;
}

async function namesIn(repository: string, below: string): Promise<string[]> {
  const entries = await readdir(path.join(repository, below)).catch(() => []);
  return entries.toSorted().map((entry) => `${below}/${entry}`);
}

async function readRecord(folder: string, name: string): Promise<WrongAnswer> {
  const hint = `Write ${name}/wrong.json: { "mustCatch": 7, "fails": [7, 9], "diagnosis": "…" }`;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path.join(folder, "wrong.json"), "utf8"));
  } catch (error) {
    throw new UserError(`${name}/wrong.json: ${String(error)}`, { hint });
  }
  const parsed = v.safeParse(wrongAnswer, json);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? "the file";
  throw new UserError(`${name}/wrong.json: ${where}: ${issue.message}`, { hint });
}
