// A page of mallory.example makes Ada's browser send requests to the shop. Does her cookie go along?
import { logIn, shops } from "./jar.ts";
import { client } from "./shop.ts";

// #region ask
const ways = { "a form that posts": "none", "a link that she clicks": "lax" } as const;

for (const [name, options] of Object.entries(shops)) {
  await using visit = await logIn(options);
  for (const [way, sameSiteContext] of Object.entries(ways)) {
    const sent = await visit.jar.getCookieString("https://shop.example/", { sameSiteContext });
    console.log(`${name}, ${way}: ${sent === "" ? "no cookie" : "with her cookie"}`);
  }
}
// #endregion

await client.close();
