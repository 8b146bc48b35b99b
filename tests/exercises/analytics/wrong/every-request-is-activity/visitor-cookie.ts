import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { Context } from "../../starter/context.ts";
import { dayOf, endOf } from "../../../../../solutions/analytics/days.ts";

/**
 * Answers a function that reads who views a page: the ID in the browser's cookie, or undefined,
 * and then the browser is given one. Only who brings it back is a visitor, so what keeps no
 * cookies is none. It has nothing to do with the session, which comes and goes with a login.
 */
export function createVisitorCookie({ secret, settings }: Context): {
  visitorIn: (req: Request) => string | undefined;
  visitorOf: (req: Request, res: Response) => string | undefined;
} {
  const sign = (id: string) =>
    createHmac("sha256", secret).update(`visitor cookie ${id}`).digest("base64url");

  const visitorIn = (req: Request) => {
    // Without cookies this is the text "undefined", in which there is none.
    const [, id, signature] = visitorCookie.exec(String(req.headers.cookie)) ?? [];
    return id !== undefined && areEqual(String(signature), sign(id)) ? id : undefined;
  };
  const visitorOf = (req: Request, res: Response) => {
    const known = visitorIn(req);
    if (known !== undefined) return known;
    const created = randomUUID();
    res.cookie("visitor", `${created}.${sign(created)}`, {
      // As long as the reports in which it may be counted.
      expires: endOf(dayOf(Date.now()), settings.keepDays),
      httpOnly: true,
      sameSite: "lax",
    });
    return undefined;
  };
  return { visitorIn, visitorOf };
}

const visitorCookie = /(?:^|;\s*)visitor=([\w-]+)\.([\w-]+)/;

function areEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
