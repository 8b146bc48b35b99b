import { createHmac, randomUUID } from "node:crypto";
import type { Request, Response } from "express";

/** A pseudonym of the browser, or "" while it has no cookie of ours; then it gets one. */
export function createVisitorOf(secret: string): (req: Request, res: Response) => string {
  const hash = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");
  return (req, res) => {
    const cookies = new Map(
      (req.headers.cookie ?? "").split("; ").map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
    );
    const [id = "", signature] = (cookies.get("browser") ?? "").split("~");
    if (signature === hash(`browser ${id}`)) return hash(`view by ${id}`).slice(0, 18);
    const fresh = randomUUID();
    res.cookie("browser", `${fresh}~${hash(`browser ${fresh}`)}`, {
      maxAge: 60 * 86_400_000,
      httpOnly: true,
      sameSite: "lax",
    });
    return "";
  };
}
