// NOTE FROM THE LEAD TO GRADER (delete this comment when done). Measured CPU per host process on this machine
// (user+sys): node -e 0: 0.06 s; host with its four packages and --import tsx (now): 0.63 s; the same without
// tsx: 0.33 s; the four packages bundled by esbuild into one CommonJS file: 0.16 s. So do all of it:
// 1. hosts run without tsx (submission prebuilt here); 2. express, express-session, connect-redis, redis are
// bundled once into a prelude (cached under .workbook/cache or the temporary folder, keyed by their versions), which
// host.mjs requires instead of importing the packages; 3. the plugin here resolves these four names to a CommonJS
// shim `module.exports = globalThis[Symbol.for("workbook.packages")].express`, every other package stays external;
// 4. V8 cachedData for the prelude if it pays. `npm run check`, mutate and flake make hundreds of gradings, so they
// win most: check of all content must end within 3 minutes on 2 quiet cores (now ~3 s a grading x 400). Aim < 1 s of CPU each.
// Also seen in the report: "Why: A wrong password is answered 401.: expected 501 to be 401 // Object.is equality":
// drop the assertion library's tail, print the sentence once; the curl line must be one that can be pasted while
// `npm start rate-limit` runs (its address; quoting that works in this shell, Windows too: engine/terminal/start/
// command-line.ts); order of design.md: behaviour, sent, expected (and why it matters), came, Redis, hint.
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type BuildFailure, type Message, type Plugin } from "esbuild";
import { createTemporaryFolder } from "../../process/create-temporary-folder.ts";
import { SubmissionFailure } from "../boot/submission-failure.ts";
import type { SubmissionError } from "../report.ts";
import { readSourceMap, type SourcePosition } from "./read-source-map.ts";

/** The programs of a submission as plain JavaScript, one file each. */
export interface BuiltSubmission extends AsyncDisposable {
  /** Absolute path of the JavaScript of a program. */
  fileOf(program: string): string;
  /** Where a place in that JavaScript was written; undefined outside of it. */
  locate(file: string, line: number, column: number): SourcePosition | undefined;
}

const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/**
 * Transforms and bundles each program once, so that the many processes of a grading need no
 * TypeScript loader: that halves the time they take to start.
 * Packages stay outside of the bundle, and `import.meta` says where the source lies.
 * @throws SubmissionFailure when a program is missing, does not parse, or imports a file that is not there
 */
export async function buildSubmission(
  folder: string,
  programs: readonly string[],
): Promise<BuiltSubmission> {
  const entryPoints = programs.map((name) => ({ in: findProgram(folder, name), out: name }));
  const temporary = createTemporaryFolder("built");
  try {
    linkPackages(folder, temporary.path);
    await build({
      entryPoints,
      outdir: temporary.path,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      plugins: [keepImportMeta],
    });
  } catch (error) {
    await temporary.remove();
    const first = (error as Partial<BuildFailure>).errors?.[0];
    if (first === undefined) throw error;
    throw new SubmissionFailure(describeMessage(first));
  }
  const maps = new Map<string, ReturnType<typeof readSourceMap>>();
  return {
    fileOf: (program) => path.join(temporary.path, `${program}.mjs`),
    locate(file, line, column) {
      if (path.dirname(file) !== temporary.path) return undefined;
      const find = maps.get(file) ?? readSourceMap(file);
      maps.set(file, find);
      return find(line, column);
    },
    [Symbol.asyncDispose]: temporary.remove,
  };
}

function findProgram(folder: string, name: string): string {
  const found = ENDINGS.map((ending) => path.join(folder, name + ending)).find(existsSync);
  if (found !== undefined) return found;
  throw new SubmissionFailure({
    message: `There is no ${name}.ts in the folder; ${name}.js or ${name}.mjs would do as well.`,
    file: undefined,
    line: undefined,
  });
}

/** Bare imports are looked up from where the JavaScript lies: there they must find the same packages. */
function linkPackages(folder: string, to: string): void {
  for (let at = folder; ; at = path.dirname(at)) {
    const packages = path.join(at, "node_modules");
    // A junction needs no privilege on Windows; elsewhere the kind is ignored.
    if (existsSync(packages)) symlinkSync(packages, path.join(to, "node_modules"), "junction");
    if (existsSync(packages) || at === path.dirname(at)) return;
  }
}

const keepImportMeta: Plugin = {
  name: "keep import.meta",
  setup({ onLoad }) {
    onLoad({ filter: /\.[mc]?[jt]s$/ }, ({ path: file }) => {
      const source = readFileSync(file, "utf8");
      if (!source.includes("import.meta.")) return undefined;
      const values: Readonly<Record<string, string>> = {
        url: pathToFileURL(file).href,
        filename: file,
        dirname: path.dirname(file),
      };
      const contents = source.replaceAll(
        /\bimport\.meta\.(url|filename|dirname)\b/g,
        (_, name: string) => JSON.stringify(values[name]),
      );
      return { contents, loader: file.endsWith("ts") ? "ts" : "js" };
    });
  },
};

function describeMessage({ text, location }: Message): SubmissionError {
  const name = text.startsWith("Could not resolve") ? "" : "SyntaxError: ";
  return {
    message: name + text,
    file: location === null ? undefined : path.resolve(location.file),
    line: location?.line,
  };
}
