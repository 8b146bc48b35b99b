import { randomBytes } from "node:crypto";
import express from "express";
import { readSessionId, signSessionId } from "./signed-cookie.js";

/** No session middleware: a session is a hash with three fields. */
export function createApp({ redis, settings, findAccount }) {
  const { cookieName, secrets, prefix, sessionSeconds } = settings;
  const app = express();
  app.use(express.json());

  /** Fields of the session, which this request prolongs; without a name when there is none. */
  const readSession = async (req) => {
    const id = readSessionId(req, settings);
    if (id === undefined) return { id, fields: {} };
    const [, fields] = await redis
      .multi()
      .expire(prefix + id, sessionSeconds)
      .hGetAll(prefix + id)
      .exec();
    return { id, fields };
  };

  app.post("/login", async (req, res) => {
    const { name, password } = req.body ?? {};
    const account = await findAccount(String(name), String(password));
    if (account === null) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    const old = readSessionId(req, settings);
    const id = randomBytes(24).toString("base64url");
    const multi = redis.multi();
    if (old !== undefined) multi.del(prefix + old);
    await multi
      .hSet(prefix + id, { name: account.name, role: account.role, language: "en" })
      .expire(prefix + id, sessionSeconds)
      .exec();
    res.cookie(cookieName, signSessionId(id, secrets[0]), { httpOnly: true, sameSite: "lax" });
    res.json({ name: account.name, role: account.role });
  });

  app.get("/me", async (req, res) => {
    const { fields } = await readSession(req);
    if (fields.name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name: fields.name, role: fields.role, language: fields.language });
  });

  app.put("/language", async (req, res) => {
    const { id, fields } = await readSession(req);
    if (fields.name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    const language = String(req.body?.language);
    await redis
      .multi()
      .hSet(prefix + id, "language", language)
      .expire(prefix + id, sessionSeconds)
      .exec();
    res.json({ language });
  });

  app.post("/logout", async (req, res) => {
    const id = readSessionId(req, settings);
    if (id !== undefined) await redis.del(prefix + id);
    res.clearCookie(cookieName).status(204).end();
  });
  return app;
}
