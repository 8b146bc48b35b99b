// Two redirects, and a browser that follows them: does the next page know what was written?
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { RedisStore } from "connect-redis";
import type { SessionData } from "express-session";
import { client, createShop } from "./shop.ts";

// #region far
let awayMs = 0;

/** A Redis that is far away: what is written gets there late. */
class FarStore extends RedisStore {
  override async set(id: string, data: SessionData, done?: (error?: unknown) => void) {
    await wait(awayMs);
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
  res.send(req.session.notice ?? "(no notice)");
});

app.post("/visit", (req, res) => {
  req.session.cart = [];
  res.sendStatus(204);
});

const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

// On a busy machine the browser may be the slower one: then Redis moves further away.
let page = "";
for (awayMs = 100; page !== "(no notice)" && awayMs < 3000; awayMs *= 2) {
  page = await press("/unsaved");
}
console.log(`/unsaved: ${page}`);
console.log(`/saved: ${await press("/saved")}`);

server.closeAllConnections();
server.close();
await client.close();

/** A visitor with a session presses a button. Answers the page to which that leads. */
async function press(path: string): Promise<string> {
  const shop = `http://127.0.0.1:${port}`;
  const visit = await fetch(`${shop}/visit`, { method: "POST" });
  const [cookie = ""] = (visit.headers.get("Set-Cookie") ?? "").split(";");
  // #region follow
  const answer = await fetch(shop + path, { method: "POST", headers: { Cookie: cookie } });
  return await answer.text();
  // #endregion
}
