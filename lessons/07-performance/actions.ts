// What the lesson does beside requests: `act waits <port of admin>` measures what others wait for while the
// sessions are counted.
import { connect } from "./measure.ts";

const [action = "", port = ""] = process.argv.slice(2);
if (action !== "waits") throw new Error(`unknown action ${action}`);

const client = await connect();
const waits: Record<string, number> = {};
for (const way of ["KEYS", "SCAN"]) {
  const { waitMs, pageMs } = await longestWait(
    `http://127.0.0.1:${port}/count-by-${way.toLowerCase()}`,
  );
  waits[way] = waitMs;
  console.log(
    `${way}: others waited up to ${waitMs.toFixed(1)} ms, the page took ${pageMs.toFixed(0)} ms`,
  );
}
const title = "The longest wait of another client";
console.log(JSON.stringify({ chart: { title, unit: "ms", bars: Object.entries(waits) } }));
client.destroy();

// #region wait
/** While the page is fetched: the longest time that Redis takes to answer a PING. The mildest of five times, and the quickest page. */
async function longestWait(url: string): Promise<{ waitMs: number; pageMs: number }> {
  let waitMs = Infinity;
  let pageMs = Infinity;
  for (let time = 0; time < 5; time += 1) {
    let isDone = false;
    const opened = performance.now();
    const page = fetch(url).finally(() => (isDone = true));
    let longest = 0;
    while (!isDone) {
      const begun = performance.now();
      await client.ping();
      longest = Math.max(longest, performance.now() - begun);
    }
    await page;
    pageMs = Math.min(pageMs, performance.now() - opened);
    waitMs = Math.min(waitMs, longest);
  }
  return { waitMs, pageMs };
}
// #endregion
