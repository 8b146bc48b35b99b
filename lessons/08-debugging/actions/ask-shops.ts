import { showChart } from "./show-chart.ts";

/** Asks all shops (`name=port`) at once who is logged in, and prints what each answered, and after how long. */
export async function askShops(
  patienceMs: number,
  cookie: string,
  shops: readonly string[],
): Promise<void> {
  const answers = await Promise.all(
    shops.map(async (shop) => {
      const [name = "", port = ""] = shop.split("=");
      const begun = performance.now();
      const what = await askOne(port, cookie, patienceMs);
      return { name, what, seconds: (performance.now() - begun) / 1000 };
    }),
  );
  for (const { name, what } of answers) console.log(`${name}: ${what}`);
  const seconds = Object.fromEntries(answers.map(({ name, seconds: each }) => [name, each]));
  showChart("How long the reader waits", "s", seconds);
}

async function askOne(port: string, cookie: string, patienceMs: number): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/me`, {
      headers: { cookie: `connect.sid=${cookie}` },
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.text();
    return `${answer.status} ${answer.statusText}`;
  } catch {
    return "no answer";
  }
}
