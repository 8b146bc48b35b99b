// Corner Books, with its sessions in Redis.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

// #region types
declare module "express-session" {
  interface SessionData {
    visits: number;
    reader: { name: string; genres: string[] };
  }
}
// #endregion

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

// #region client
const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();
// #endregion

const app = express();

// #region store
app.use(
  session({
    store: new RedisStore({ client }),
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);
// #endregion

// #region counter
app.get("/", (req, res) => {
  const visits = (req.session.visits ?? 0) + 1;
  req.session.visits = visits;
  const name = req.session.reader?.name ?? "stranger";
  res.send(`Hello, ${name}. This is visit ${visits}.`);
});
// #endregion

// #region reader
app.put("/reader", express.json(), (req, res) => {
  const { name, genres } = req.body ?? {};
  if (typeof name !== "string" || !isListOfText(genres)) {
    res.status(400).json({ error: "name must be a text, genres a list of texts" });
    return;
  }
  req.session.reader = { name, genres };
  res.json(req.session.reader);
});
// #endregion

// #region hours
app.get("/opening-hours", (_req, res) => {
  res.send("Corner Books is open Monday to Saturday, 9:00 to 18:00.");
});
// #endregion

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void client.close());
  });
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
