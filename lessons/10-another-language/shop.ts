// Corner Books in Express: it signs readers in, and keeps their sessions as in lesson 1.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

declare module "express-session" {
  interface SessionData {
    name: string;
    visits: number;
    since: string;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

const app = express();
app.use(express.json());

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
  res.send(`Hello, ${req.session.name ?? "stranger"}. This is visit ${visits}.`);
});
// #endregion

// #region login
app.post("/login", (req, res, next) => {
  req.session.regenerate((error) => {
    if (error) return void next(error);
    req.session.name = String(req.body?.name ?? "");
    req.session.since = new Date().toISOString();
    res.json({ hello: req.session.name });
  });
});
// #endregion

app.post("/logout", (req, res, next) => {
  req.session.destroy((error) => {
    if (error) return void next(error);
    res.clearCookie("connect.sid").sendStatus(204);
  });
});

// #region basket
app.post("/basket/:book", async (req, res) => {
  const { name } = req.session;
  if (name === undefined) return void res.status(401).json({ error: "sign in first" });
  await client.hIncrBy(`basket:${name}`, req.params.book, 1);
  await client.expire(`basket:${name}`, 30 * 24 * 3600);
  res.json(await client.hGetAll(`basket:${name}`));
});
// #endregion

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books (Express) listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void client.close());
  });
}
