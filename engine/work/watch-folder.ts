import path from "node:path";
import { watch } from "chokidar";
import { isWork, fingerprintFolder } from "./fingerprint-folder.ts";

/** Editors write in two goes, and save several files at once: what comes within this time is one save. */
const PAUSE_MS = 15;

export interface WatchedFolder extends AsyncDisposable {
  /** Of what was last told, or of the beginning. */
  readonly fingerprint: string;
}

/**
 * Calls `onChange` when the learner's files have other contents than before: not for a save that
 * changes nothing, and once for several events. `onEvent` hears of the first sign of a save, at once.
 * The folder may go and come back.
 */
export async function watchFolder(
  folder: string,
  options: {
    readonly onChange: (fingerprint: string) => void;
    readonly onEvent?: () => void;
  },
): Promise<WatchedFolder> {
  let fingerprint = await fingerprintFolder(folder);
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isLooking = false;
  let isToLookAgain = false;
  const look = async () => {
    isToLookAgain = true;
    if (isLooking) return;
    isLooking = true;
    // One after the other: an older look must not have the last word.
    while (isToLookAgain && !isClosed) {
      isToLookAgain = false;
      const now = await fingerprintFolder(folder);
      if (isClosed || now === fingerprint) continue;
      fingerprint = now;
      options.onChange(now);
    }
    isLooking = false;
  };
  const onAny = () => {
    options.onEvent?.();
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PAUSE_MS);
  };
  // The folder above is watched, so that the folder itself may be deleted and made again.
  const above = path.dirname(folder);
  const watcher = watch(above, {
    ignoreInitial: true,
    atomic: false,
    ignored: (file) => {
      const relative = path.relative(folder, path.resolve(file));
      if (relative === "" || file === above) return false;
      return relative.startsWith("..") || path.isAbsolute(relative) || !isWork(relative);
    },
  });
  watcher.on("all", onAny);
  // Of two changes within 50 ms chokidar tells the first only. Formatters that run on save are as quick.
  watcher.on("raw", onAny);
  // A folder that goes while it is read, or too few watches left: the next event finds the truth.
  watcher.on("error", () => {});
  await new Promise<void>((resolve) => {
    watcher.once("ready", resolve);
  });
  // What was saved before the watcher was ready made no event.
  await look();
  return {
    get fingerprint() {
      return fingerprint;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
