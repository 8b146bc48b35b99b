/**
 * The bundles of some source files, up to date, in the same order; undefined where none can be kept.
 * @param entries absolute paths of the sources; what they share is loaded once
 * @param name of the bundles, for the folder of the cache
 */
export function builtFiles(
  entries: readonly string[],
  name: string,
  options?: { readonly leaveOut?: RegExp },
): Promise<readonly string[] | undefined>;
/** The text of a module with `import.meta.url`, `filename` and `dirname` as they are in the source. */
export function placeInSource(source: string, file: string): string;
