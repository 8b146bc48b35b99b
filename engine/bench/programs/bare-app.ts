// The yardstick of `npm run bench`: what an Express app with sessions in Redis costs to start,
// with nothing of the workbook around it.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";

const client = createClient({ url: process.env["REDIS_URL"] ?? "redis://127.0.0.1:1" });
const app = express();
app.use(
  session({
    store: new RedisStore({ client }),
    secret: "bench",
    resave: false,
    saveUninitialized: false,
  }),
);
app.get("/", (_request, response) => {
  response.send("Hello");
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log("listening");
  server.close();
});
