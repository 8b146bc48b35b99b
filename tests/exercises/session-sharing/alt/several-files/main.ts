import express, { type Express } from "express";
import type { Context } from "../../starter/context.ts";
import { connect } from "./sessions/connect.ts";
import { readSessionId, signSessionId } from "./sessions/signed-cookie.ts";
import { SessionKeys } from "./sessions/session-keys.ts";

/** Two keys for each session: who it is, and the language, which can be written by itself. */
export async function createApp(context: Context): Promise<Express> {
  const { settings, findAccount, redisUrl } = context;
  const sessions = new SessionKeys(await connect(redisUrl, 5000), settings);
  const app = express();
  app.use(express.json());

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.name), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    const { name, role } = account;
    const old = readSessionId(req.headers.cookie, settings);
    if (old !== undefined) await sessions.end(old);
    const id = await sessions.begin({ name, role, language: "en" });
    const value = signSessionId(id, settings.secrets[0] ?? "");
    res.cookie(settings.cookieName, value, { httpOnly: true, sameSite: "lax" });
    res.json({ name, role });
  });

  app.use(async (req, res, next) => {
    const id = readSessionId(req.headers.cookie, settings);
    const visitor = id === undefined ? undefined : await sessions.read(id);
    if (id !== undefined && visitor !== undefined) {
      await sessions.prolong(id);
      Object.assign(res.locals, { id, visitor });
    } else if (req.path !== "/logout") {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    next();
  });

  app.get("/me", (_req, res) => {
    res.json(res.locals["visitor"]);
  });
  app.put("/language", async (req, res) => {
    const language = String(req.body?.language);
    await sessions.setLanguage(res.locals["id"], language);
    res.json({ language });
  });
  app.post("/logout", async (_req, res) => {
    if (res.locals["id"] !== undefined) await sessions.end(res.locals["id"]);
    res.clearCookie(settings.cookieName).status(204).end();
  });
  return app;
}
