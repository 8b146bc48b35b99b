import { createHmac, timingSafeEqual } from "node:crypto";
import express, { type Express, type RequestHandler } from "express";
import type { Context } from "../../starter/context.ts";

interface Visitor {
  readonly name: string;
  readonly role: string;
  readonly language: string;
}

/**
 * Reads the sessions of main by one GET. There is no session middleware here on purpose: what
 * cannot write cannot set a cookie, prolong a session or put an old copy over a new one.
 */
export function createApp({ redis, settings, listInvoices }: Context): Express {
  const app = express();

  const requireVisitor: RequestHandler = async (req, res, next) => {
    const id = readSessionId(req.headers.cookie ?? "", settings.cookieName, settings.secrets);
    let stored: string | null = null;
    try {
      if (id !== undefined) stored = await redis.get(settings.prefix + id);
    } catch (error) {
      console.error("session was not read:", error);
      res.status(503).json({ error: "sessions are unavailable" });
      return;
    }
    const visitor = stored === null ? undefined : parseVisitor(stored);
    if (visitor === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    res.locals.visitor = visitor;
    next();
  };

  app.get("/whoami", requireVisitor, (_req, res) => {
    res.json(res.locals.visitor);
  });

  app.get("/invoices", requireVisitor, async (_req, res) => {
    if (res.locals.visitor.role !== "finance") {
      res.status(403).json({ error: "not allowed" });
      return;
    }
    res.json({ invoices: await listInvoices() });
  });
  return app;
}

/** The ID in the signed cookie `s:<id>.<signature>`; undefined unless one of the secrets signed it. */
function readSessionId(
  header: string,
  cookieName: string,
  secrets: readonly string[],
): string | undefined {
  const pair = header.split(";").find((part) => part.trim().startsWith(`${cookieName}=`));
  const value = decode(pair?.trim().slice(cookieName.length + 1) ?? "");
  const [, id, signature] = /^s:(.+)\.([^.]+)$/.exec(value) ?? [];
  if (id === undefined || signature === undefined) return undefined;
  return secrets.some((secret) => isSignedBy(secret, id, signature)) ? id : undefined;
}

function isSignedBy(secret: string, id: string, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  const [left, right] = [Buffer.from(expected), Buffer.from(signature)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Only the fields that may be given out; undefined for anything that is no signed-in session. */
function parseVisitor(stored: string): Visitor | undefined {
  try {
    const { account, language } = JSON.parse(stored);
    if (typeof account?.name !== "string" || typeof account.role !== "string") return undefined;
    return { name: account.name, role: account.role, language: String(language) };
  } catch {
    return undefined;
  }
}
