// Corner Books, for days when Redis is not well.
import { setTimeout } from "node:timers/promises";
import express, { type ErrorRequestHandler } from "express";
import { PromptStore } from "./prompt-store.ts";
import { connect } from "./connect.ts";
import { listen, sessionsIn } from "./shop.ts";

const client = await connect("sturdy", { disableOfflineQueue: true });
const app = express();

// #region ready
app.get("/alive", (_req, res) => {
  res.json({ alive: true });
});

app.get("/ready", async (_req, res) => {
  const late = setTimeout(500, "late");
  const answer = await Promise.race([client.ping(), late]).catch(() => "no connection");
  res.status(answer === "PONG" ? 200 : 503).json({ redis: answer });
});
// #endregion

// #region busy
const sayBusy: ErrorRequestHandler = (error: Error, _req, res, _next) => {
  console.error("no session:", error.message);
  res.status(503).set("Retry-After", "10").json({ error: "try again in a moment" });
};

app.use(sessionsIn(new PromptStore({ client, ttl: 30 * 60 })), sayBusy);
// #endregion

// #region login
app.post("/login", express.json(), (req, res, next) => {
  req.session.user = String(req.body?.name);
  req.session.save((error) => {
    if (error) return sayBusy(error, req, res, next);
    res.json({ name: req.session.user });
  });
});
// #endregion

app.get("/me", (req, res) => {
  if (req.session.user === undefined) res.status(401).json({ error: "not logged in" });
  else res.json({ name: req.session.user });
});

listen(app, "sturdy");
