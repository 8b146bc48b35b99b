import express, { type ErrorRequestHandler, type Express } from "express";
import type { Context } from "../../starter/context.ts";
import { connect } from "./sessions/connect.ts";
import { readSessionId } from "./sessions/signed-cookie.ts";
import { SessionKeys } from "./sessions/session-keys.ts";

export async function createApp({ settings, listInvoices, redisUrl }: Context): Promise<Express> {
  const sessions = new SessionKeys(await connect(redisUrl, 1700), settings);
  const app = express();

  app.use(async (req, res, next) => {
    const id = readSessionId(req.headers.cookie, settings);
    res.locals["visitor"] = id === undefined ? undefined : await sessions.read(id);
    if (res.locals["visitor"] !== undefined) next();
    else res.status(401).json({ error: "not signed in" });
  });
  app.get("/whoami", (_req, res) => {
    res.json(res.locals["visitor"]);
  });
  app.get("/invoices", async (_req, res) => {
    if (res.locals["visitor"].role === "finance") res.json({ invoices: await listInvoices() });
    else res.status(403).json({ error: "not allowed" });
  });
  app.use(answerUnavailable);
  return app;
}

const answerUnavailable: ErrorRequestHandler = (_error, _req, res, _next) => {
  res.status(503).json({ error: "sessions are unavailable" });
};
