import { RedisStore } from "connect-redis";
import express, { type ErrorRequestHandler, type Express } from "express";
import session, { type SessionData } from "express-session";
import type { Context } from "../../starter/context.ts";

/** The usual middleware, over a store that can read and nothing else. */
class ReadOnlyStore extends RedisStore {
  override async set(_id: string, _data: SessionData, done?: (error?: unknown) => void) {
    done?.();
  }
  override async touch(_id: string, _data: SessionData, done?: (error?: unknown) => void) {
    done?.();
  }
  override async destroy(_id: string, done?: (error?: unknown) => void) {
    done?.();
  }
}

export function createApp({ redis, settings, listInvoices }: Context): Express {
  const app = express();
  const serializer = {
    stringify: JSON.stringify,
    parse(text: string) {
      const data = JSON.parse(text);
      if (typeof data?.cookie !== "object") throw new Error("not a session");
      return data;
    },
  };
  app.use(
    session({
      name: settings.cookieName,
      store: new ReadOnlyStore({ client: redis, prefix: settings.prefix, serializer }),
      secret: [...settings.secrets],
      resave: false,
      saveUninitialized: false,
    }),
  );
  app.use((req, res, next) => {
    if (req.session.account !== undefined) next();
    else res.status(401).json({ error: "not signed in" });
  });
  app.get("/whoami", (req, res) => {
    res.json({ ...pick(req.session.account), language: req.session.language });
  });
  app.get("/invoices", async (req, res) => {
    if (req.session.account?.role === "finance") res.json({ invoices: await listInvoices() });
    else res.status(403).json({ error: "not allowed" });
  });
  app.use(answerUnavailable);
  return app;
}

const answerUnavailable: ErrorRequestHandler = (_error, _req, res, _next) => {
  res.status(503).json({ error: "sessions are unavailable" });
};

function pick(account: { name: string; role: string } | undefined) {
  return { name: account?.name, role: account?.role };
}
