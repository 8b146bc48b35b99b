import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";

const NAME = "visitor";
const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Answers a function that reads who views a page: the ID in the browser's cookie, or undefined,
 * and then the browser is given one. Only who brings it back is a visitor, so what keeps no
 * cookies is none. It has nothing to do with the session, which comes and goes with a login.
 */
export function createVisitorCookie(): (req: Request, res: Response) => string | undefined {
  return (req, res) => {
    const id = readCookie(req);
    if (/^[\w-]{24}$/.test(id)) return id;
    const created = randomBytes(18).toString("base64url");
    res.cookie(NAME, created, {
      maxAge: LIFETIME_MS,
      httpOnly: true,
      sameSite: "lax",
    });
    return undefined;
  };
}

function readCookie(req: Request): string {
  const pairs = (req.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1) ?? "";
}
