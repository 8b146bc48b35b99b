// Mallory has one cookie of his own, and a list of secrets that stand in tutorials.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buildShop, client } from "./shop.ts";

const server = buildShop({ cookie: {}, secrets: ["keyboard cat"] }).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

const answer = await fetch(`http://127.0.0.1:${port}/basket`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ title: "Cryptography for beginners" }),
});
server.closeAllConnections();
server.close();
await client.close();

// #region guess
const cookie = decodeURIComponent(answer.headers.get("Set-Cookie") ?? "");
const [, id = "", signature] = /s:([^.]+)\.([^;]+)/.exec(cookie) ?? [];

const known = ["secret", "your_secret_key", "shhhh", "keyboard cat", "my-secret", "changeme"];
const found = known.find((secret) => sign(id, secret) === signature);
// #endregion
console.log(found === undefined ? "not on the list" : `the secret is "${found}"`);

function sign(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64").replace(/=+$/, "");
}
