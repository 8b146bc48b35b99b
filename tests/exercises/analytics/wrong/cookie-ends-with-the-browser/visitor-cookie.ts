import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";

const NAME = "visitor";

/**
 * Answers a function that reads who views a page: the ID in the browser's cookie, or undefined,
 * and then the browser is given one. Only who brings it back is a visitor, so what keeps no
 * cookies is none. It has nothing to do with the session, which comes and goes with a login.
 */
export function createVisitorCookie(
  secret: string,
): (req: Request, res: Response) => string | undefined {
  // A key of its own: no signature of one cookie is any use in another.
  const key = createHmac("sha256", secret).update("visitor cookie").digest();
  const sign = (id: string) => createHmac("sha256", key).update(id).digest("base64url");

  return (req, res) => {
    const [id = "", signature = ""] = readCookie(req).split(".");
    if (id !== "" && areEqual(signature, sign(id))) return id;
    const created = randomBytes(18).toString("base64url");
    res.cookie(NAME, `${created}.${sign(created)}`, {
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
