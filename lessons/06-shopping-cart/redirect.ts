// A browser follows a redirect as soon as it knows where to go: when the head of the answer is there.
import { EventEmitter, once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";
import { client, createShop } from "./shop.ts";

// #region far
/** A Redis far away: what is written arrives after the next read, or after 1.5 seconds. */
class FarStore extends RedisStore {
  readonly #reads = new EventEmitter();

  override async get(id: string, done?: (error?: unknown, data?: unknown) => void) {
    await super.get(id, done);
    this.#reads.emit("read");
  }

  override async set(id: string, data: SessionData, done?: (error?: unknown) => void) {
    await Promise.race([once(this.#reads, "read"), pass(1500)]);
    await super.set(id, data, done);
  }
}
// #endregion

const app = createShop(new FarStore({ client, ttl: 30 * 60 }));

// #region unsaved
app.post("/unsaved", (req, res) => {
  req.session.notice = "Poems is in your cart.";
  res.redirect(303, "/notice");
});
// #endregion

// #region saved
app.post("/saved", (req, res, next) => {
  req.session.notice = "Poems is in your cart.";
  req.session.save((error) => {
    if (error) return next(error);
    res.redirect(303, "/notice");
  });
});
// #endregion

app.get("/notice", (req, res) => {
  res.send(req.session.notice ?? "(nothing)");
});

const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

for (const path of ["/unsaved", "/saved"]) console.log(`${path}: ${await follow(path)}`);

server.closeAllConnections();
server.close();
await client.close();

// #region follow
async function follow(path: string): Promise<string> {
  const post = request({ port, path, method: "POST" }).end();
  const [answer] = await once(post, "response");
  const [cookie] = answer.headers["set-cookie"][0].split(";");
  const page = await fetch(`http://127.0.0.1:${port}${answer.headers.location}`, {
    headers: { Cookie: cookie },
  });
  answer.resume();
  return await page.text();
}
// #endregion
