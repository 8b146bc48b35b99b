// The cart as a hash of its own: one field a book, and Redis does the adding.
import { randomUUID } from "node:crypto";
import type { Request } from "express";
import * as v from "valibot";
import { catalogue, client, createShop, listen } from "./shop.ts";

const app = createShop();

// #region schema
const maxCopies = 10;
const copies = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxCopies));
const addition = v.strictObject({ id: v.picklist([...catalogue.keys()]), quantity: copies });
const change = v.strictObject({ quantity: copies });
// #endregion

// #region key
const dayInSeconds = 24 * 60 * 60;

/** Where this visitor's cart is, and how long it stays; a guest without a cart has none. */
function findCart(req: Request): { key: string; seconds: number } | undefined {
  const { user, cartId } = req.session;
  if (user !== undefined) return { key: `cart:user:${user}`, seconds: 30 * dayInSeconds };
  if (cartId !== undefined) return { key: `cart:guest:${cartId}`, seconds: dayInSeconds };
  return undefined;
}
// #endregion

// #region add
app.post("/cart", async (req, res) => {
  const body = v.safeParse(addition, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  const { id, quantity } = body.output;
  if (req.session.user === undefined) req.session.cartId ??= randomUUID();
  const { key, seconds } = findCart(req) ?? { key: "", seconds: 0 };
  const [inCart] = await client.multi().hIncrBy(key, id, quantity).expire(key, seconds).exec();
  if (Number(inCart) > maxCopies) {
    await client.hIncrBy(key, id, -quantity);
    res.status(409).json({ error: `at most ${maxCopies} copies of a book` });
    return;
  }
  res.json({ id, quantity: Number(inCart) });
});
// #endregion

// #region show
app.get("/cart", async (req, res) => {
  const cart = findCart(req);
  const quantities = cart === undefined ? {} : await client.hGetAll(cart.key);
  const lines = [...catalogue].flatMap(([id, { title, cents }]) => {
    const quantity = Number(quantities[id] ?? 0);
    return quantity === 0 ? [] : [{ id, title, cents, quantity }];
  });
  const total = lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  res.json({ lines, total });
});
// #endregion

// #region change
app.put("/cart/:id", async (req, res) => {
  const body = v.safeParse(change, req.body);
  if (!body.success) {
    res.status(400).json({ errors: explain(body.issues) });
    return;
  }
  const cart = findCart(req);
  if (cart === undefined || !(await client.hExists(cart.key, req.params.id))) {
    res.status(404).json({ error: "that book is not in your cart" });
    return;
  }
  await client.hSet(cart.key, req.params.id, body.output.quantity);
  res.json({ id: req.params.id, quantity: body.output.quantity });
});

app.delete("/cart/:id", async (req, res) => {
  const cart = findCart(req);
  if (cart !== undefined) await client.hDel(cart.key, req.params.id);
  res.sendStatus(204);
});
// #endregion

// #region forgets
app.post("/login-forgets", async (req, res) => {
  await renewSession(req);
  req.session.user = String(req.body?.name);
  res.json({ user: req.session.user });
});
// #endregion

// #region merge
const merge = `
  local guest = redis.call("HGETALL", KEYS[1])
  for i = 1, #guest, 2 do
    local sum = guest[i + 1] + (redis.call("HGET", KEYS[2], guest[i]) or 0)
    redis.call("HSET", KEYS[2], guest[i], math.min(sum, ARGV[1]))
  end
  redis.call("DEL", KEYS[1])
  redis.call("EXPIRE", KEYS[2], ARGV[2])
`;

app.post("/login", async (req, res) => {
  const guest = findCart(req);
  await renewSession(req);
  req.session.user = String(req.body?.name);
  const own = findCart(req);
  if (guest !== undefined && own !== undefined && guest.key !== own.key) {
    await client.eval(merge, {
      keys: [guest.key, own.key],
      arguments: [String(maxCopies), String(own.seconds)],
    });
  }
  res.json({ user: req.session.user });
});
// #endregion

listen(app, "app");

function explain(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}

/** A login gets a new session (lesson 5). */
function renewSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
