import { createHmac, timingSafeEqual } from "node:crypto";
import { unescape } from "node:querystring";
import express, { type Express, type RequestHandler } from "express";
import type { Context } from "./context.ts";

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
  const { cookieName, secrets, prefix } = settings;
  const app = express();

  /** Undefined: nobody is signed in. Rejects while Redis cannot tell. */
  const findVisitor = async (cookies: string): Promise<Visitor | undefined> => {
    const id = readSessionId(cookies, cookieName, secrets);
    return id === undefined ? undefined : parseVisitor(await redis.get(prefix + id));
  };

  const requireVisitor: RequestHandler = async (req, res, next) => {
    // Without cookies this is the text "undefined", in which there is none.
    const visitor = await findVisitor(String(req.headers.cookie)).catch((error: unknown) => {
      console.error("session was not read:", error);
      return null;
    });
    if (visitor === null) {
      res.status(503).json({ error: "sessions are unavailable" });
    } else if (visitor === undefined) {
      res.status(401).json({ error: "not signed in" });
    } else {
      res.locals.visitor = visitor;
      next();
    }
  };

  app.get("/whoami", requireVisitor, (_req, res) => {
    res.json(res.locals.visitor);
  });

  app.get("/invoices", requireVisitor, async (_req, res) => {
    if (res.locals.visitor.role === "finance") res.json({ invoices: await listInvoices() });
    else res.status(403).json({ error: "not allowed" });
  });
  return app;
}

/** The ID in the signed cookie `s:<id>.<signature>`; undefined unless one of the secrets signed it. */
function readSessionId(
  cookies: string,
  cookieName: string,
  secrets: readonly string[],
): string | undefined {
  const pair = cookies.split(/;\s*/).find((each) => each.startsWith(`${cookieName}=`));
  const value = unescape(String(pair?.slice(cookieName.length + 1)));
  const [, id, signature] = /^s:(.+)\.([^.]+)$/.exec(value) ?? [];
  if (id === undefined) return undefined;
  return secrets.some((secret) => isSignedBy(secret, id, String(signature))) ? id : undefined;
}

function isSignedBy(secret: string, id: string, signature: string): boolean {
  const expected = createHmac("sha256", secret).update(id).digest("base64").replace(/=+$/, "");
  const [left, right] = [Buffer.from(expected), Buffer.from(signature)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Only the fields that may be given out; undefined for anything that is no signed-in session. */
function parseVisitor(stored: string | null): Visitor | undefined {
  try {
    const { account, language } = JSON.parse(String(stored));
    if (typeof account.name !== "string" || typeof account.role !== "string") return undefined;
    return { name: account.name, role: account.role, language: String(language) };
  } catch {
    return undefined;
  }
}
