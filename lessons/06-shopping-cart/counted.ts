// The cart as a hash of its own: one field a book, and Redis does the adding. Nothing is validated yet.
import { findCart, openCart, readCart } from "./cart.ts";
import { client, createShop, listen } from "./shop.ts";

const app = createShop();

// #region add
app.post("/cart", async (req, res) => {
  const { id, quantity } = req.body;
  const { key, seconds } = openCart(req.session);
  const transaction = client.multi().hIncrBy(key, id, quantity);
  const [inCart] = await transaction.expire(key, seconds).exec();
  res.json({ id, quantity: Number(inCart) });
});
// #endregion

app.get("/cart", async (req, res) => {
  res.json(await readCart(findCart(req.session)));
});

// #region checked
app.post("/cart-checked", async (req, res) => {
  const { id, quantity } = req.body;
  const { key, seconds } = openCart(req.session);
  const before = Number(await client.hGet(key, id));
  if (before + quantity > 10) {
    res.status(409).json({ error: "at most 10 copies of a book" });
    return;
  }
  const transaction = client.multi().hIncrBy(key, id, quantity);
  const [inCart] = await transaction.expire(key, seconds).exec();
  res.json({ id, quantity: Number(inCart) });
});
// #endregion

listen(app, "counted");
