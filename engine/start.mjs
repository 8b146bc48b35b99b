// The first file that runs, in plain JavaScript that an old Node can parse:
// what is missing on this machine is said before anything else can fail.
import { fileURLToPath, pathToFileURL } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This workbook needs Node 20.19 or later; this is Node ${process.versions.node}.`);
  console.error("Install a newer one from https://nodejs.org and run `npm ci` again.");
  process.exit(2);
}
// All of it starts in half the time from JavaScript; where that can't be made, from TypeScript under a loader.
let main = "./main.ts";
try {
  const built = await buildMain();
  if (built === undefined) await import("tsx");
  else main = built;
} catch (error) {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("The packages of this workbook are not installed here.");
  console.error("Next: npm ci");
  process.exit(2);
}
await import(main);

async function buildMain() {
  const { builtFiles } = await import("./build/built-file.mjs");
  const entry = fileURLToPath(new URL("main.ts", import.meta.url));
  const files = await builtFiles([entry], "commands");
  return files === undefined ? undefined : pathToFileURL(files[0]).href;
}
