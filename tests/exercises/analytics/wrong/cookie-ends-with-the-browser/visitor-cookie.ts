import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { Context } from "../../starter/context.ts";

/**
 * Answers a function that reads who views a page: the ID in the browser's cookie, or undefined,
 * and then the browser is given one. Only who brings it back is a visitor, so what keeps no
 * cookies is none. It has nothing to do with the session, which comes and goes with a login.
 */
export function createVisitorCookie({
  secret,
}: Context): (req: Request, res: Response) => string | undefined {
  const sign = (id: string) =>
    createHmac("sha256", secret).update(`visitor cookie ${id}`).digest("base64url");

  return (req, res) => {
    // Without cookies this is the text "undefined", in which there is none.
    const [, id, signature] = visitorCookie.exec(String(req.headers.cookie)) ?? [];
    if (id !== undefined && areEqual(String(signature), sign(id))) return id;
    const created = randomUUID();
    res.cookie("visitor", `${created}.${sign(created)}`, {
      httpOnly: true,
      sameSite: "lax",
    });
    return undefined;
  };
}

const visitorCookie = /(?:^|;\s*)visitor=([\w-]+)\.([\w-]+)/;

function areEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
