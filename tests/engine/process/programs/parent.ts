import { fileURLToPath } from "node:url";
import { createTemporaryFolder } from "../../../../engine/process/create-temporary-folder.ts";
import { startProgram } from "../../../../engine/process/start-program.ts";
import { provideRedis } from "../../../../engine/redis/provide-redis.ts";

// A parent that is killed, or ends, while its program loops. Prints what must be gone afterwards.
const redis = await provideRedis({ purpose: "grading" });
const folder = createTemporaryFolder();
const start = (name: string) =>
  startProgram({
    name,
    entry: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
    cwd: import.meta.dirname,
    environment: {},
    onLine: (line) => void (line.startsWith("pids ") && console.log(line)),
  });
const [busy, family] = [start("busy"), start("family")];
const port = await busy.listening(20_000);
await fetch(`http://127.0.0.1:${port}/loop`).then(async (response) => await response.text());
const serverPid = /process_id:(\d+)/.exec(String(await redis.command("INFO", "server")))?.[1];
console.log(`pids ${busy.pid} ${family.pid} ${redis.kind === "server" ? serverPid : ""}`);
console.log(`folder ${folder.path}`);
console.log("ready");
if (process.argv[2] === "throw") {
  process.stdin.once("data", () => {
    throw new Error("a bug");
  });
}
if (process.argv[2] === "exit") process.stdin.once("data", () => process.exit(0));
