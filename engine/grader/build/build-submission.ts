import { existsSync, symlinkSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import type { BuildFailure, Message } from "esbuild";
import { createTemporaryFolder } from "../../process/create-temporary-folder.ts";
import { SubmissionFailure } from "../boot/submission-failure.ts";
import type { SubmissionError } from "../report.ts";
import { PLACES } from "../../build/built-file.mjs";
import { ENDINGS } from "../../work/twin-files.ts";
import { findPackages } from "./find-packages.ts";
import { mapPlaces } from "./map-places.ts";
import { readSources } from "./read-sources.ts";
import { type ReadyPackages, readyPackages } from "./ready-packages.ts";
import { runEsbuild } from "./run-esbuild.ts";
import { shareReadyPackages } from "./share-ready-packages.ts";

/** The programs of a submission, ready to be run many times. */
export interface BuiltSubmission extends AsyncDisposable {
  readonly packages: ReadyPackages;
  /** Absolute path of what the learner wrote of a program. */
  sourceOf(program: string): string | undefined;
  /** Absolute path of what is to be run of a program. */
  fileOf(program: string): string;
  /** URL of the TypeScript loader, when the submission has to run as it was written. */
  readonly loader: string | undefined;
  /**
   * A process may boot it time after time: each time all of it begins anew. Not so with packages of its
   * own choice, whose state would stay, and with what may go on unseen.
   */
  readonly isRepeatable: boolean;
  /** The text with every place in the JavaScript given as the place where it was written. */
  inSources(text: string): string;
}

/**
 * Transforms and bundles each program once, so that the many processes of a grading need no
 * TypeScript loader: they start in a quarter of the time. Packages stay outside of the bundle.
 * A submission that starts processes or workers, or looks for files of its own by other means than
 * `import`, runs as it was written, under the loader.
 * @throws SubmissionFailure when a program is missing, does not parse, or imports a file that is not there
 */
export async function buildSubmission(
  folder: string,
  programs: readonly string[],
): Promise<BuiltSubmission> {
  const entries = new Map(programs.map((name) => [name, findProgram(folder, name)]));
  const packages = await readyPackages();
  const temporary = createTemporaryFolder("built");
  const sources = readSources();
  let imports: string[];
  try {
    linkPackages(folder, temporary.path);
    const { metafile } = await runEsbuild({
      metafile: true,
      entryPoints: [...entries].map(([out, file]) => ({ in: file, out })),
      // What the sources are called in messages and in the map.
      absWorkingDir: folder,
      outdir: temporary.path,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "node20",
      keepNames: true,
      define: PLACES,
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      plugins: [shareReadyPackages(packages, folder), sources.plugin],
    });
    imports = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path: name }) => name),
    );
  } catch (error) {
    await temporary.remove();
    const first = (error as Partial<BuildFailure>).errors?.[0];
    if (first === undefined) throw error;
    throw new SubmissionFailure(describeMessage(first, folder));
  }
  // With packages of its own it also looks further up for the others: one link is not enough.
  const asWritten = sources.needLoader() || findPackages(folder).length > 1;
  return {
    packages,
    loader: asWritten ? import.meta.resolve("tsx") : undefined,
    sourceOf: (program) => entries.get(program),
    fileOf: (program) =>
      (asWritten ? entries.get(program) : undefined) ?? path.join(temporary.path, `${program}.mjs`),
    isRepeatable: !asWritten && !sources.mayOutlive() && imports.every((name) => isBuiltin(name)),
    inSources: mapPlaces(temporary.path),
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

/** Other packages are looked up from where the JavaScript lies: there they must be found as from the folder. */
function linkPackages(folder: string, to: string): void {
  const [nearest] = findPackages(folder);
  // A junction needs no privilege on Windows; elsewhere the kind is ignored.
  if (nearest !== undefined) symlinkSync(nearest, path.join(to, "node_modules"), "junction");
}

function describeMessage({ text, location }: Message, folder: string): SubmissionError {
  return {
    message: inPlainWords(text),
    file: location === null ? undefined : path.resolve(folder, location.file),
    line: location?.line,
  };
}

function inPlainWords(text: string): string {
  const [, gone] = /^Could not resolve "(.+)"$/.exec(text) ?? [];
  if (gone !== undefined) return `It imports "${gone}", and there is no such file.`;
  const [, from, name] =
    /^No matching export in "(?:ready:)?(.+)" for import "(.+)"$/.exec(text) ?? [];
  if (name === "default")
    return `"${from}" has no default export: import { … } what it does export.`;
  if (name !== undefined) return `"${from}" exports no "${name}".`;
  return text.startsWith("There is no package")
    ? `${text}.`
    : `SyntaxError: ${text.replace(/:$/, "")}`;
}
