import express from "express";
import { readSessionId } from "./signed-cookie.js";

export function createApp({ redis, settings, listInvoices }) {
  const app = express();

  app.use(async (req, res, next) => {
    const id = readSessionId(req, settings);
    let fields = [];
    try {
      if (id !== undefined) {
        fields = await redis.hmGet(settings.prefix + id, ["name", "role", "language"]);
      }
    } catch {
      res.status(503).json({ error: "sessions are unavailable" });
      return;
    }
    const [name, role, language] = fields;
    if (typeof name !== "string") {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    req.visitor = { name, role, language };
    next();
  });

  app.get("/whoami", (req, res) => {
    res.json(req.visitor);
  });
  app.get("/invoices", async (req, res) => {
    if (req.visitor.role === "finance") res.json({ invoices: await listInvoices() });
    else res.status(403).json({ error: "not allowed" });
  });
  return app;
}
