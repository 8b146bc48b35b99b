// The counter again, on a client that was never told to connect.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

// #region old
const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
// #endregion

const app = express();
app.use(
  session({
    store: new RedisStore({ client }),
    secret,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);

app.get("/", (req, res) => {
  const visits = (req.session.visits ?? 0) + 1;
  req.session.visits = visits;
  res.send(`Hello, stranger. This is visit ${visits}.`);
});

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books (never connected) listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => server.close());
}
