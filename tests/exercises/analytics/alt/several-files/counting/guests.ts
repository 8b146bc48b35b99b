import { createHmac, randomBytes } from "node:crypto";
import type { RequestHandler } from "express";

const MONTH_MS = 30 * 86_400_000;

/** Sets `res.locals.visitor`: a pseudonym of who has brought a cookie of ours; others get one. */
export function guests(secret: string): RequestHandler {
  const mark = (id: string) => createHmac("sha384", secret).update(`guest ${id}`).digest("hex");
  return (req, res, next) => {
    const found = /(?:^|;\s*)guest=([\da-f]{20})([\da-f]+)/.exec(req.headers.cookie ?? "");
    const [, id = "", signature] = found ?? [];
    if (signature === mark(id)) {
      res.locals["visitor"] = mark(`in Redis ${id}`).slice(0, 24);
    } else {
      const fresh = randomBytes(10).toString("hex");
      res.cookie("guest", fresh + mark(fresh), {
        maxAge: MONTH_MS,
        httpOnly: true,
        sameSite: "lax",
      });
    }
    next();
  };
}
