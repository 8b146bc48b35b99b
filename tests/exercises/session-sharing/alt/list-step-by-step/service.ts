import express, { type Express, type Request } from "express";
import type { Context } from "../../starter/context.ts";
import { readId } from "./signed-cookie.ts";

/** Asks for one item of the list after the other. */
export function createApp({ redis, settings, listInvoices }: Context): Express {
  const app = express();

  const readSession = async (req: Request): Promise<(string | null)[]> => {
    const id = readId(req.headers.cookie, settings);
    const key = settings.prefix + id;
    if (id === "" || (await redis.lLen(key)) !== 3) return [];
    return [await redis.lIndex(key, 0), await redis.lIndex(key, 1), await redis.lIndex(key, 2)];
  };

  app.use(async (req, res, next) => {
    const session = await readSession(req).catch(() => undefined);
    const [name, role, language] = session ?? [];
    if (session === undefined) res.status(503).json({ error: "sessions are unavailable" });
    else if (typeof name !== "string") res.status(401).json({ error: "not signed in" });
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
