import { readdir } from "node:fs/promises";
import path from "node:path";
import type { LessonEntry } from "./lesson-entry.ts";
import { readFrontMatter } from "./read-front-matter.ts";
import { repository } from "./repository.ts";

/** All lessons, in their order. */
export async function listLessons(root: string = repository): Promise<LessonEntry[]> {
  const lessons = path.join(root, "lessons");
  const entries = await readdir(lessons, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    entries.filter((entry) => entry.isDirectory()).map(({ name }) => readEntry(lessons, name)),
  );
  return found
    .filter((entry) => entry !== undefined)
    .toSorted((a, b) => a.number - b.number || (a.slug < b.slug ? -1 : 1));
}

async function readEntry(lessons: string, slug: string): Promise<LessonEntry | undefined> {
  const parts = /^(\d+)-(.+)$/.exec(slug);
  const folder = path.join(lessons, slug);
  const matter = await readFrontMatter(path.join(folder, "README.md"));
  if (parts === null || matter === undefined) return undefined;
  const name = parts[2] ?? slug;
  const { title, minutes, needs, redis, server, exercise } = matter;
  return {
    kind: "lesson",
    number: Number(parts[1]),
    slug,
    name,
    title: typeof title === "string" ? title : name,
    folder,
    minutes: typeof minutes === "number" ? minutes : undefined,
    needs: typeof needs === "string" ? needs : undefined,
    redis: redis === "server" || redis === "sentinel" ? redis : "any",
    serverSteps: Array.isArray(server) ? server.length : 0,
    programs: programsOf(matter),
    exercise: typeof exercise === "string" ? exercise : undefined,
  };
}

function programsOf({ app, apps }: Readonly<Record<string, unknown>>): string[] {
  const all = typeof apps === "object" && apps !== null ? Object.values(apps) : [app];
  const files = all.map((one: unknown) =>
    typeof one === "object" && one !== null ? Reflect.get(one, "file") : one,
  );
  return [...new Set(files.filter((file) => typeof file === "string"))];
}
