// Corner Books, wired as in app.ts but for one word: it saves sessions in which nothing is stored.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

const app = express();

// #region store
app.use(
  session({
    store: new RedisStore({ client }),
    secret,
    resave: false,
    saveUninitialized: true,
    cookie: { httpOnly: true, sameSite: "lax", maxAge: 30 * 60 * 1000 },
  }),
);
// #endregion

app.get("/opening-hours", (_req, res) => {
  res.send("Corner Books is open Monday to Saturday, 9:00 to 18:00.");
});

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`Corner Books (eager) listens on ${host}, port ${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void client.close());
  });
}
