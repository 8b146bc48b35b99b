import { randomBytes } from "node:crypto";
import express, { type Express, type Request } from "express";
import type { Context } from "../../starter/context.ts";
import { readId, sign } from "./signed-cookie.ts";

/** A session is a list of three texts. One command after the other: plain, and slow. */
export function createApp({ redis, settings, findAccount }: Context): Express {
  const { cookieName, secrets, prefix, sessionSeconds } = settings;
  const app = express();
  app.use(express.json());

  const visitorOf = async (req: Request) => {
    const key = prefix + readId(req.headers.cookie, settings);
    const length = await redis.lLen(key);
    if (length !== 3) return undefined;
    await redis.expire(key, sessionSeconds);
    const name = await redis.lIndex(key, 0);
    const role = await redis.lIndex(key, 1);
    const language = await redis.lIndex(key, 2);
    return { key, session: { name, role, language } };
  };

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.name), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await redis.del(prefix + readId(req.headers.cookie, settings));
    const id = randomBytes(32).toString("hex");
    await redis.rPush(prefix + id, [account.name, account.role, "en"]);
    await redis.expire(prefix + id, sessionSeconds);
    res.cookie(cookieName, sign(id, secrets[0] ?? ""), { httpOnly: true, sameSite: "strict" });
    res.json({ name: account.name, role: account.role });
  });
  app.get("/me", async (req, res) => {
    const visitor = await visitorOf(req);
    if (visitor === undefined) res.status(401).json({ error: "not signed in" });
    else res.json(visitor.session);
  });
  app.put("/language", async (req, res) => {
    const visitor = await visitorOf(req);
    if (visitor === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    const language = String(req.body?.language);
    await redis.lSet(visitor.key, 2, language);
    res.json({ language });
  });
  app.post("/logout", async (req, res) => {
    await redis.del(prefix + readId(req.headers.cookie, settings));
    res.clearCookie(cookieName).sendStatus(204);
  });
  return app;
}
