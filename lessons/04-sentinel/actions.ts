// Thirty visitors who each open a page again and again, until a primary has died and another has taken over.
// act load <port of the shop>

const VISITORS = 30;
/** Between two requests of one visitor. */
const PAUSE_MS = 100;
/** An answer that took longer was kept waiting. */
const SLOW_MS = 400;
/** This many quick rounds of everybody after the slow ones, and it is over. */
const QUIET_ROUNDS = 10;
const DEADLINE_MS = 60_000;

interface Visitor {
  cookie: string;
  /** How often the shop has said to have counted. */
  told: number;
  /** Quick answers since the last slow one. */
  quick: number;
}

const [, , action, port] = process.argv;
if (action !== "load") throw new Error(`No such action: ${action}`);

const counts = { quick: 0, slow: 0, failed: 0, lost: 0 };
const longestMs = { before: 0, failover: 0, after: 0 };
let isBroken = false;
let isOver = false;

// #region visit
async function visit(visitor: Visitor): Promise<void> {
  const begun = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/visit`, {
    headers: visitor.cookie === "" ? {} : { Cookie: visitor.cookie },
  }).catch(() => undefined);
  const tookMs = performance.now() - begun;
  note(visitor, tookMs);
  if (response?.status !== 200) {
    counts.failed += 1;
    return;
  }
  const { visits } = (await response.json()) as { visits: number };
  // The shop has told this visitor of more visits than it knows of now.
  if (visits <= visitor.told) counts.lost += 1;
  visitor.told = visits;
  visitor.cookie ||= response.headers.get("set-cookie")?.split(";")[0] ?? "";
}
// #endregion

function note(visitor: Visitor, tookMs: number): void {
  const isSlow = tookMs > SLOW_MS;
  if (isSlow) isBroken = true;
  counts[isSlow ? "slow" : "quick"] += 1;
  visitor.quick = isSlow ? 0 : visitor.quick + 1;
  const phase = isSlow ? "failover" : isBroken ? "after" : "before";
  longestMs[phase] = Math.max(longestMs[phase], tookMs);
}

const visitors: Visitor[] = Array.from({ length: VISITORS }, () => ({
  cookie: "",
  told: 0,
  quick: 0,
}));
await Promise.all(visitors.map(visit));
isBroken = false;
Object.assign(counts, { quick: 0, slow: 0, failed: 0, lost: 0 });
console.log(`${VISITORS} visitors, each with a session, open a page ten times a second`);

const deadline = performance.now() + DEADLINE_MS;
await Promise.all(
  visitors.map(async (visitor) => {
    while (!isOver) {
      await visit(visitor);
      isOver =
        performance.now() > deadline ||
        (isBroken && visitors.every(({ quick }) => quick >= QUIET_ROUNDS));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }),
);

const { quick, slow, failed, lost } = counts;
console.log(`quick: ${quick}`);
console.log(`slow, and then answered: ${slow - failed}`);
console.log(`failed: ${failed}`);
console.log(`lost visits: ${lost}`);
const bars = Object.entries(longestMs).map(([phase, ms]) => [phase, Math.round(ms)]);
console.log(JSON.stringify({ chart: { title: "The longest wait", unit: "ms", bars } }));
