// What does a script in the page get from document.cookie?
import { logIn, shops } from "./jar.ts";
import { client } from "./shop.ts";

// #region read
for (const [name, options] of Object.entries(shops)) {
  await using visit = await logIn(options);
  const seen = await visit.jar.getCookieString("https://shop.example/guestbook", { http: false });
  console.log(`${name}: document.cookie is "${seen}"`);
}
// #endregion

await client.close();
