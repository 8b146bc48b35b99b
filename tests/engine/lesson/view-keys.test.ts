import { expect, test } from "vitest";
import { SessionLabels } from "../../../engine/lesson/play/session-labels.ts";
import { KeysViewer } from "../../../engine/lesson/play/view-keys.ts";
import type { StartedRedis } from "../../../engine/redis/provide-redis.ts";

/** Strings only, scanned a hundred at a time. */
function createStore(): { keys: Map<string, string>; viewer: KeysViewer } {
  const keys = new Map<string, string>();
  const answer = ([name, first = ""]: string[]) => {
    switch (name) {
      case "SCAN": {
        const from = Number(first);
        const next = from + 100 < keys.size ? from + 100 : 0;
        return [String(next), [...keys.keys()].slice(from, from + 100)];
      }
      case "EXISTS":
        return keys.has(first) ? 1 : 0;
      case "TYPE":
        return keys.has(first) ? "string" : "none";
      case "PTTL":
        return -1;
      case "GETRANGE":
        return keys.get(first) ?? "";
      default:
        return keys.size;
    }
  };
  const redis = { kind: "server", command: async (...words: string[]) => answer(words) };
  const viewer = new KeysViewer(redis as unknown as StartedRedis, new SessionLabels());
  return { keys, viewer };
}

function changes({ keys }: Awaited<ReturnType<KeysViewer["view"]>>): Record<string, string> {
  return Object.fromEntries(
    keys.filter(({ name }) => !name.startsWith("crowd")).map(({ name, change }) => [name, change]),
  );
}

test("among many keys, those of the lesson stay in view, and none that lives is called gone", async () => {
  const { keys, viewer } = createStore();
  for (let at = 0; at < 60; at += 1) keys.set(`crowd-${at}`, "{}");
  keys.set("sess:ada", "1").set("sess:ben", "1");
  expect(changes(await viewer.view(["sess:ada", "sess:ben", "1800"]))).toEqual({
    "sess:ada": "new",
    "sess:ben": "new",
  });

  // As in a store with a crowd that was there before: they come last, and are not scanned.
  const [ada, ben] = [keys.get("sess:ada") ?? "", keys.get("sess:ben") ?? ""];
  keys.delete("sess:ada");
  keys.delete("sess:ben");
  for (let at = 0; at < 5000; at += 1) keys.set(`crowd-${at}`, "{}");
  keys.set("sess:ada", ada).set("sess:ben", `${ben}2`).set("sess:fay", "1");
  const crowded = await viewer.view(["sess:fay"]);
  // Nobody has seen all keys this time, but all of them the time before.
  expect(changes(crowded)).toEqual({
    "sess:ada": "same",
    "sess:ben": "changed",
    "sess:fay": "new",
  });
  expect(crowded.keys).toHaveLength(50);
  expect(crowded.moreKeys).toBe(5003 - 50);

  keys.delete("sess:ben");
  expect(changes(await viewer.view(["sess:gus"]))).toEqual({
    "sess:ada": "same",
    "sess:ben": "gone",
    "sess:fay": "same",
  });
});
