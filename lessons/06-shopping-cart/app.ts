// The cart as it should be: validated, in a hash of its own, and merged at the login.
import type { Request } from "express";
import * as v from "valibot";
import { findCart, guestCart, openCart, readCart, userCart } from "./cart.ts";
import { addition, change, explain, login, maxCopies, tooMany } from "./requests.ts";
import { addScript, mergeScript } from "./scripts.ts";
import { catalogue, client, createShop, listen } from "./shop.ts";

const app = createShop();

// #region add
app.post("/cart", async (req, res) => {
  const body = v.safeParse(addition, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  const { id, quantity } = body.output;
  const { key, seconds } = openCart(req.session);
  const inCart = await client.eval(addScript, {
    keys: [key],
    arguments: [id, String(quantity), String(maxCopies), String(seconds)],
  });
  if (inCart === -1) res.status(409).json({ error: tooMany });
  else res.json({ id, quantity: inCart });
});
// #endregion

app.get("/cart", async (req, res) => {
  res.json(await readCart(findCart(req.session)));
});

// #region change
app.put("/cart/:id", async (req, res) => {
  const { id } = req.params;
  if (!catalogue.has(id)) {
    res.status(404).json({ error: "we have no such book" });
    return;
  }
  const body = v.safeParse(change, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  const { quantity } = body.output;
  const { key, seconds } = openCart(req.session);
  await client.multi().hSet(key, id, quantity).expire(key, seconds).exec();
  res.json({ id, quantity });
});

app.delete("/cart/:id", async (req, res) => {
  const cart = findCart(req.session);
  if (cart !== undefined) {
    await client.multi().hDel(cart.key, req.params.id).expire(cart.key, cart.seconds).exec();
  }
  res.sendStatus(204);
});
// #endregion

// #region forgets
app.post("/login-forgets", async (req, res) => {
  const body = v.safeParse(login, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  await renewSession(req);
  req.session.user = body.output.name;
  res.json({ user: req.session.user });
});
// #endregion

// #region login
app.post("/login", async (req, res) => {
  const body = v.safeParse(login, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  const { name } = body.output;
  const { cartId } = req.session;
  if (cartId !== undefined) {
    const own = userCart(name);
    await client.eval(mergeScript, {
      keys: [guestCart(cartId).key, own.key],
      arguments: [String(maxCopies), String(own.seconds)],
    });
  }
  await renewSession(req);
  req.session.user = name;
  res.json({ user: name });
});
// #endregion

app.post("/logout", (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return next(error);
    res.clearCookie("connect.sid").sendStatus(204);
  });
});

listen(app, "app");

// #region renew
/** A login gets a new session (lesson 5). */
function renewSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
// #endregion
