// Corner Books, mended.
import { books, findBook } from "./books.ts";
import { connect } from "./connect.ts";
import { createShop, listen } from "./shop.ts";

const client = await connect("mended");

// #region ttl
const halfAnHourInSeconds = 30 * 60;
const app = createShop(client, halfAnHourInSeconds);
// #endregion

// #region seen
app.get("/books/:id", async (req, res) => {
  const book = findBook(req.params.id);
  if (book === undefined) return void res.sendStatus(404);
  const seen = `seen:${req.sessionID}`;
  await client
    .multi()
    .lPush(seen, book.id)
    .lTrim(seen, 0, 19)
    .expire(seen, 30 * 60)
    .exec();
  res.json({ title: book.title });
});
// #endregion

// #region cart
app.post("/cart/:id", async (req, res) => {
  const book = findBook(req.params.id);
  if (book === undefined) return void res.sendStatus(404);
  const cart = `basket:${req.sessionID}`;
  await client.hIncrBy(cart, book.id, 1);
  await client.expire(cart, 7 * 24 * 60 * 60);
  res.json({ title: book.title });
});
// #endregion

// #region tips
app.get("/tips", async (_req, res) => {
  const tip = (await client.get("tip")) ?? books[0]?.title;
  res.json({ tip });
});
// #endregion

// #region online
const fiveMinutes = 5 * 60 * 1000;

app.use(async (req, _res, next) => {
  const { user } = req.session;
  if (user !== undefined) await client.zAdd("online", { score: Date.now(), value: user });
  next();
});

app.get("/online", async (_req, res) => {
  await client.zRemRangeByScore("online", 0, Date.now() - fiveMinutes);
  res.json({ online: await client.zCard("online") });
});
// #endregion

listen(app, "mended");
