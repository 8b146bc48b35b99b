// The first file that runs, in plain JavaScript that an old Node can parse:
// what is missing on this machine is said before anything else can fail.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This workbook needs Node 20.19 or later; this is Node ${process.versions.node}.`);
  console.error("Install a newer one from https://nodejs.org and run `npm ci` again.");
  process.exit(2);
}
try {
  await import("tsx");
} catch (error) {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  console.error("The packages of this workbook are not installed here.");
  console.error("Next: npm ci");
  process.exit(2);
}
await import("./main.ts");
