import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { listExercises } from "../../../engine/catalog/list-exercises.ts";
import { listLessons } from "../../../engine/catalog/list-lessons.ts";
import { repository } from "../../../engine/catalog/repository.ts";

const readme = readFileSync(path.join(repository, "README.md"), "utf8");
const scripts = (
  JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  }
).scripts;

const bySlug = (a: { slug?: string | undefined }, b: { slug?: string | undefined }) =>
  (a.slug ?? "").localeCompare(b.slug ?? "");

test("the table of lessons agrees with the folders", async () => {
  const rows = [...readme.matchAll(/^\| (\d+) \| \[(.+?)\]\(lessons\/(.+?)\/README\.md\) \|/gm)];
  const stated = rows.map(([, number, title, slug]) => ({ number: Number(number), title, slug }));
  const there = (await listLessons()).map(({ number, title, slug }) => ({ number, title, slug }));
  expect(stated).toEqual(there);
});

test("the table of exercises agrees with the folders, what they need and their minutes", async () => {
  const rows = [
    ...readme.matchAll(
      /^\| \[(.+?)\]\(exercises\/(.+?)\/README\.md\) \| .+? \| (\d+) \| (\d+) \|$/gm,
    ),
  ];
  const stated = rows.map(([, name, slug, lesson, minutes]) => ({
    name,
    slug,
    lesson: Number(lesson),
    minutes: Number(minutes),
  }));
  const there = (await listExercises()).map(({ slug, minutes, needs = "" }) => ({
    name: slug,
    slug,
    lesson: Number(needs.match(/\d+/g)?.at(-1)),
    minutes,
  }));
  expect(stated.toSorted(bySlug)).toEqual(there.toSorted(bySlug));
});

test("each command that the README names is there, and each file that it links to", () => {
  const named = [...readme.matchAll(/npm run ([a-z]+)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file = ""]) => file);
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
});
