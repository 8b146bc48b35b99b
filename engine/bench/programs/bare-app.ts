// The yardstick of `npm run bench`: what an Express app with sessions in Redis costs to start,
// with nothing of the workbook around it.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

declare module "express-session" {
  interface SessionData {
    visits: number;
  }
}

const client = createClient({ url: process.env["REDIS_URL"] ?? "redis://127.0.0.1:1" });
if (process.env["REDIS_URL"] !== undefined) await client.connect();
const app = express();
app.use(
  session({
    store: new RedisStore({ client }),
    secret: "bench",
    resave: false,
    saveUninitialized: false,
  }),
);
app.get("/", (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.send("Hello");
});
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
});
