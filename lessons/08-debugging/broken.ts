// Corner Books as you have inherited it. Four of its pages do harm.
import { createClient } from "redis";
import { books, findBook } from "./books.ts";
import { connect, redisUrl } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

const client = await connect("shop");
const app = createShop(client);

// #region seen
app.get("/books/:id", async (req, res) => {
  const book = findBook(req.params.id);
  if (book === undefined) return void res.sendStatus(404);
  const seen = `seen:${req.sessionID}`;
  await client.multi().lPush(seen, book.id).lTrim(seen, 0, 19).exec();
  res.json({ title: book.title });
});
// #endregion

// #region cart
app.post("/cart/:id", async (req, res) => {
  const book = findBook(req.params.id);
  if (book === undefined) return void res.sendStatus(404);
  const cart = `cart:${req.sessionID}`;
  await client.hSet(cart, book.id, JSON.stringify({ ...book, quantity: 1 }));
  await client.expire(cart, 7 * 24 * 60 * 60);
  res.json({ title: book.title });
});
// #endregion

// #region tips
app.get("/tips", async (_req, res) => {
  const own = createClient({ url: redisUrl, name: "tips" });
  own.on("error", (error) => console.error("Redis:", error.message));
  await own.connect();
  const tip = (await own.get("tip")) ?? books[0]?.title;
  res.json({ tip });
});
// #endregion

// #region online
app.get("/online", async (_req, res) => {
  const keys = await client.keys("sess:*");
  res.json({ online: keys.length });
});
// #endregion

listen(app, "broken");
