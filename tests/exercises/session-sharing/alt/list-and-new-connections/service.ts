import express, { type Express, type Request } from "express";
import { createClient } from "redis";
import type { Context } from "../../starter/context.ts";
import { readId } from "./signed-cookie.ts";

/** Each request opens a connection of its own and closes it again. */
export function createApp({ redisUrl, settings, listInvoices }: Context): Express {
  const app = express();

  const readSession = async (req: Request): Promise<string[]> => {
    const id = readId(req.headers.cookie, settings);
    if (id === "") return [];
    const redis = createClient({
      url: redisUrl,
      socket: { reconnectStrategy: false, connectTimeout: 1500, socketTimeout: 1500 },
    });
    redis.on("error", () => {});
    try {
      await redis.connect();
      return await redis.lRange(settings.prefix + id, 0, -1);
    } finally {
      redis.destroy();
    }
  };

  app.use(async (req, res, next) => {
    const session = await readSession(req).catch(() => undefined);
    const [name, role, language] = session ?? [];
    if (session === undefined) res.status(503).json({ error: "sessions are unavailable" });
    else if (language === undefined) res.status(401).json({ error: "not signed in" });
    else {
      res.locals["visitor"] = { name, role, language };
      next();
    }
  });
  app.get("/whoami", (_req, res) => {
    res.json(res.locals["visitor"]);
  });
  app.get("/invoices", async (_req, res) => {
    if (res.locals["visitor"].role === "finance") res.json({ invoices: await listInvoices() });
    else res.status(403).json({ error: "not allowed" });
  });
  return app;
}
