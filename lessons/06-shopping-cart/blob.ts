// The first cart: it lies in the session, and believes what the browser says.
import { createShop, listen } from "./shop.ts";

const app = createShop();

// #region add
app.post("/cart", (req, res) => {
  const { id, title, cents, quantity } = req.body;
  if (!id || !title || !cents || !quantity) {
    res.status(400).json({ error: "a field is missing" });
    return;
  }
  const cart = (req.session.cart ??= []);
  const line = cart.find((each) => each.id === id);
  if (line === undefined) cart.push({ id, title, cents, quantity });
  else line.quantity += quantity;
  res.json({ cart });
});
// #endregion

// #region show
app.get("/cart", (req, res) => {
  const { cart = [] } = req.session;
  const total = cart.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  res.json({ cart, total });
});
// #endregion

listen(app, "blob");
