// Mallory has one cookie of each shop, and a list of secrets that stand in tutorials.
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buildShop, client } from "./shop.ts";

const secrets = { careless: "keyboard cat", careful: randomBytes(32).toString("hex") };

// #region known
const known = ["secret", "your_secret_key", "shhhh", "keyboard cat", "my-secret", "changeme"];
// #endregion

for (const [name, secret] of Object.entries(secrets)) {
  const cookie = await getCookie(secret);
  // #region guess
  const [, id = "", signature] = /s:([^.]+)\.([^;]+)/.exec(decodeURIComponent(cookie)) ?? [];
  const found = known.find((each) => sign(id, each) === signature);
  // #endregion
  console.log(`${name}: ${found === undefined ? "not on the list" : `the secret is "${found}"`}`);
}
await client.close();

/** Opens a shop with that secret, and visits it. */
async function getCookie(secret: string): Promise<string> {
  const server = buildShop({ cookie: {}, secrets: [secret] }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/basket`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ title: "Cryptography for beginners" }),
  });
  server.closeAllConnections();
  server.close();
  return answer.headers.get("Set-Cookie") ?? "";
}

function sign(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64").replace(/=+$/, "");
}
