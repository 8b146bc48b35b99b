/**
 * The bundles of some source files, up to date, in the same order; undefined where none can be kept.
 * @param entries absolute paths of the sources; what they share is loaded once
 * @param name of the bundles, for the folder of the cache
 */
export function builtFiles(
  entries: readonly string[],
  name: string,
): Promise<readonly string[] | undefined>;
/** Definitions for the bundler: what `import.meta` says of a source, `placeInSource` has put into it. */
export const PLACES: Record<string, string>;
/** The text of a module that knows where it lies, for a bundler with the definitions `PLACES`. */
export function placeInSource(source: string, file: string): string;
