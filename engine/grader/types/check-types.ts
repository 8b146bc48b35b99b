import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { setPriority } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { atExit } from "../../process/at-exit.ts";
import { createTemporaryFolder } from "../../process/create-temporary-folder.ts";
import { writeFileAtomically } from "../../progress/write-file-atomically.ts";

/** A type check that runs beside a grading. */
export interface TypeCheck extends AsyncDisposable {
  /** One line about the first error; undefined: there is none, or nobody can tell. Never rejects. */
  readonly line: Promise<string | undefined>;
}

const TYPESCRIPT = fileURLToPath(new URL("../../../node_modules/typescript/", import.meta.url));
const LOWEST_PRIORITY = 19;
const LONGEST_OUTPUT = 200_000;
const ERROR = /^(.+?)\((\d+),\d+\): error TS\d+: (.+)$/gm;

/**
 * Checks the types of a submission at the lowest priority, so that the grading does not wait for
 * it. What was found is kept in `.workbook/types` until the code changes.
 */
export function startTypeCheck(repository: string, folder: string): TypeCheck {
  let child: ChildProcess | undefined;
  let isOver = false;
  const end = () => {
    isOver = true;
    child?.kill("SIGKILL");
  };
  const forget = atExit({ endNow: end });
  const run = async (): Promise<string | undefined> => {
    const files = await listTypeScript(folder);
    if (files.length === 0) return undefined;
    const name = createHash("sha1").update(folder).digest("hex").slice(0, 16);
    const kept = path.join(repository, ".workbook", "types", `${name}.json`);
    const key = await keyOf(repository, files);
    const known = await readKept(kept, key);
    if (known !== undefined) return known.line;
    await using temporary = createTemporaryFolder("types");
    const configuration = {
      extends: path.join(repository, "tsconfig.json"),
      include: [],
      files,
      compilerOptions: {
        noEmit: true,
        typeRoots: [path.join(repository, "node_modules", "@types")],
      },
    };
    await writeFile(path.join(temporary.path, "tsconfig.json"), JSON.stringify(configuration));
    const { default: executable } = (await import(
      new URL("lib/getExePath.js", `file://${TYPESCRIPT.replaceAll("\\", "/")}`).href
    )) as { default: () => string };
    if (isOver) return undefined;
    const args = ["-p", temporary.path, "--pretty", "false"];
    child = spawn(executable(), args, { stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
    const output = await outputOf(child);
    if (isOver || output === undefined) return undefined;
    const line = firstError(output, folder, repository);
    await mkdir(path.dirname(kept), { recursive: true });
    await writeFileAtomically(kept, JSON.stringify({ key, line }));
    return line;
  };
  const line = run()
    // Without a verdict about the types there is a verdict all the same.
    .catch(() => undefined)
    .finally(forget);
  return {
    line,
    async [Symbol.asyncDispose]() {
      end();
      await line;
    },
  };
}

async function listTypeScript(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.m?ts$/.test(name) && !name.split(path.sep).includes("node_modules"))
    .map((name) => path.join(folder, name))
    .toSorted();
}

/** Changes with every file of the submission, the configuration and what is installed. */
async function keyOf(repository: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha1");
  const others = ["tsconfig.json", path.join("node_modules", ".package-lock.json")];
  for (const file of [...files, ...others.map((name) => path.join(repository, name))]) {
    hash.update(`${file}\0${await readFile(file, "utf8").catch(() => "")}\0`);
  }
  return hash.digest("hex");
}

async function readKept(file: string, key: string): Promise<{ line?: string } | undefined> {
  try {
    const kept = JSON.parse(await readFile(file, "utf8")) as { key?: unknown; line?: unknown };
    if (kept.key !== key) return undefined;
    return typeof kept.line === "string" ? { line: kept.line } : {};
  } catch {
    return undefined;
  }
}

/** Undefined when it could not be run. */
async function outputOf(child: ChildProcess): Promise<string | undefined> {
  try {
    if (child.pid !== undefined) setPriority(child.pid, LOWEST_PRIORITY);
  } catch {
    // It has ended already, or this system does not allow it.
  }
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    if (output.length < LONGEST_OUTPUT) output += text;
  });
  return await new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("close", () => resolve(output));
  });
}

function firstError(output: string, folder: string, repository: string): string | undefined {
  const errors = [...output.matchAll(ERROR)].map(([, file = "", line, message]) => ({
    // TypeScript names files as seen from where it was started.
    file: path.resolve(file),
    line,
    message,
  }));
  const own = errors.filter(({ file }) => file.startsWith(folder + path.sep));
  const [first] = own;
  if (first === undefined) return undefined;
  const where = `${path.relative(repository, first.file).replaceAll("\\", "/")}:${first.line}`;
  const more = own.length > 1 ? ` (and ${own.length - 1} more: npm run typecheck)` : "";
  return `Types, which decide nothing here: ${where} ${first.message}${more}`;
}
