import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";

const NAME = "visitor";
const LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Answers a function that reads who views a page: the ID in the browser's cookie, or undefined,
 * and then the browser is given one. Only who brings it back is a visitor, so what keeps no
 * cookies is none. It has nothing to do with the session, which comes and goes with a login.
 */
export function createVisitorCookie(): (req: Request, res: Response) => string | undefined {
  const key = randomBytes(32);
  const sign = (id: string) => createHmac("sha256", key).update(id).digest("base64url");

  return (req, res) => {
    const [id = "", signature = ""] = readCookie(req).split(".");
    if (id !== "" && areEqual(signature, sign(id))) return id;
    const created = randomBytes(18).toString("base64url");
    res.cookie(NAME, `${created}.${sign(created)}`, {
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

function areEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
