import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTemporaryFolder } from "../../../engine/process/create-temporary-folder.ts";
import { waitUntil } from "../../../engine/process/deadline.ts";
import { isLiving } from "../process/is-living.ts";

/** A place for temporary files that only the runs of one test use: whatever stays of them is found. */
export interface Room extends AsyncDisposable {
  /** For the runs. Programs that they start inherit it, and are known by it. */
  readonly environment: { readonly TMPDIR: string; readonly TEMP: string; readonly TMP: string };
  /**
   * What is still there of the runs, once nothing goes any more: folders, and (where the system
   * tells) processes. Empty is what should be.
   */
  leftovers(): Promise<string[]>;
  /** Processes of the runs at this moment; none where the system does not tell. */
  processes(): string[];
}

const DEADLINE_MS = 15_000;

export function openRoom(): Room {
  const folder = createTemporaryFolder("room");
  // tsx keeps what it has compiled in there: without it each run would compile everything again.
  const cache = `tsx-${process.getuid?.() ?? ""}`;
  if (existsSync(path.join(tmpdir(), cache))) {
    symlinkSync(path.join(tmpdir(), cache), path.join(folder.path, cache), "junction");
  }
  const look = () => [
    ...readdirSync(folder.path).filter((name) => !name.startsWith("tsx-")),
    ...findProcesses(folder.path),
  ];
  return {
    environment: { TMPDIR: folder.path, TEMP: folder.path, TMP: folder.path },
    async leftovers() {
      await waitUntil(() => look().length === 0, DEADLINE_MS);
      return look();
    },
    processes: () => findProcesses(folder.path),
    [Symbol.asyncDispose]: async () => await folder.remove(),
  };
}

/** Processes whose environment names the folder. Linux only: elsewhere only folders are found. */
function findProcesses(folder: string): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(`TMPDIR=${folder}\0`))
    .filter((pid) => isLiving(Number(pid)))
    .map((pid) => `process ${pid}: ${read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")}`);
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
