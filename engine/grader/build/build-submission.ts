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
