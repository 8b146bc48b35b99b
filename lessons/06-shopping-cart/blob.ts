// The first cart: it lies in the session, and believes what the browser says.
import { createShop, listen } from "./shop.ts";

const app = createShop();

// #region add
app.post("/cart", (req, res) => {
  const { id, title, price, quantity } = req.body;
  if (!id || !title || !price || !quantity) {
    res.status(400).json({ error: "id, title, price and quantity are needed" });
    return;
  }
  const cart = (req.session.cart ??= []);
  const line = cart.find((each) => each.id === id);
  if (line === undefined) cart.push({ id, title, price, quantity });
  else line.quantity += quantity;
  res.json({ cart });
});
// #endregion

app.get("/cart", (req, res) => {
  res.json({ cart: req.session.cart ?? [] });
});

listen(app, "blob");
