import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const repository = path.resolve(import.meta.dirname, "../..");

/** A lesson outside lessons/, in a place where its programs find node_modules. */
export interface LessonFolder extends AsyncDisposable {
  readonly path: string;
}

/** Writes a lesson of its own. */
export async function createLessonFolder(
  files: Readonly<Record<string, string>>,
): Promise<LessonFolder> {
  const folder = await makeFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
    await writeFile(path.join(folder.path, name), content);
  }
  return folder;
}

/** Copies a lesson of the workbook, to break something in it. */
export async function copyLesson(name: string): Promise<LessonFolder> {
  const folder = await makeFolder();
  await cp(path.join(repository, "lessons", name), folder.path, {
    recursive: true,
    filter: (source) => path.basename(source) !== "node_modules",
  });
  return folder;
}

async function makeFolder(): Promise<LessonFolder> {
  const home = path.join(repository, ".workbook");
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(path.join(home, "lesson-"));
  return {
    path: folder,
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}
