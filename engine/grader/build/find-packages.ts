import { existsSync } from "node:fs";
import path from "node:path";

/** Every node_modules in which an import from this folder is looked up, the nearest first. */
export function findPackages(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    const packages = path.join(at, "node_modules");
    if (existsSync(packages)) found.push(packages);
    if (at === path.dirname(at)) return found;
  }
}
