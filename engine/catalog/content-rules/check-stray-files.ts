import { readFile } from "node:fs/promises";
import path from "node:path";
import { listSlugs } from "./check-slugs.ts";
import type { ContentViolation } from "./content-violation.ts";
import { listFiles } from "./list-files.ts";

const code = /\.(?:ts|mts|js|mjs)$/;

/**
 * Nothing lies in the content folders that has no place there, nothing is missing, and the
 * starter that learners get equals the pristine one.
 */
export async function checkStrayFiles(repository: string): Promise<ContentViolation[]> {
  const found: ContentViolation[] = [];
  for (const slug of await listSlugs(repository)) {
    found.push(...(await checkExercise(repository, slug)));
  }
  for (const file of await listFiles(path.join(repository, "lessons"))) {
    const depth = file.split("/").length;
    const known =
      depth === 1 ? /\.(?:md|svg)$/ : /\.(?:md|ts|mts|js|mjs|cjs|py|lua|svg|json|yml|txt)$/;
    if (!known.test(file)) found.push(stray(`lessons/${file}`));
  }
  return found;
}

async function checkExercise(repository: string, slug: string): Promise<ContentViolation[]> {
  const found: ContentViolation[] = [];
  const filesOf = (folder: string) => listFiles(path.join(repository, folder));
  const pristine = `tests/exercises/${slug}/starter`;
  const starter = await filesOf(pristine);
  const given = await filesOf(`exercises/${slug}`);

  for (const name of ["README.md", "hints.md", ...starter]) {
    if (given.includes(name)) continue;
    found.push(missing(`exercises/${slug}/${name}`));
  }
  for (const name of given) {
    if (name === "README.md" || name === "hints.md") continue;
    if (!starter.includes(name)) found.push(stray(`exercises/${slug}/${name}`));
    else if (!(await equal(repository, `exercises/${slug}/${name}`, `${pristine}/${name}`))) {
      found.push({
        file: `exercises/${slug}/${name}`,
        problem: "It differs from the pristine starter.",
        remedy: `If it is the better one, copy it to ${pristine}/${name}; else the other way round.`,
      });
    }
  }

  const solution = await filesOf(`solutions/${slug}`);
  for (const name of ["README.md", ...starter]) {
    if (!solution.includes(name)) found.push(missing(`solutions/${slug}/${name}`));
  }
  for (const name of solution) {
    if (name !== "README.md" && !code.test(name)) found.push(stray(`solutions/${slug}/${name}`));
  }

  for (const name of await filesOf(`tests/exercises/${slug}`)) {
    const known =
      (!name.includes("/") && code.test(name)) ||
      ["equivalent-mutants.json", "gradings.json"].includes(name) ||
      (/^(?:starter|alt\/[^/]+|wrong\/[^/]+)\//.test(name) && code.test(name)) ||
      /^wrong\/[^/]+\/wrong\.json$/.test(name);
    if (!known) found.push(stray(`tests/exercises/${slug}/${name}`));
  }
  return found;
}

async function equal(repository: string, one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((file) => readFile(path.join(repository, file))),
  );
  return a !== undefined && b !== undefined && a.equals(b);
}

function stray(file: string): ContentViolation {
  return {
    file,
    problem: "This file has no place here.",
    remedy: "Remove it, or move it where it belongs (CONTRIBUTING.md, The house).",
  };
}

function missing(file: string): ContentViolation {
  return {
    file,
    problem: "This file is missing.",
    remedy: "Write it (CONTRIBUTING.md, Adding an exercise).",
  };
}
