// What the versions of the shop share: the connection to Redis, a page, and the listening.
import express, { type Express, type RequestHandler } from "express";
import { createClient } from "redis";
import type { Reader } from "./readers.ts";

declare module "express-session" {
  interface SessionData {
    file: Reader;
    readerId: number;
    name: string;
    seenAt: number;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";

/** Signs the cookies. */
export const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** The one connection of this process. Connected. */
export const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

/** An app with sessions, and the page that all versions have. */
export function createShop(...before: RequestHandler[]): Express {
  const app = express();
  app.use(...before);

  // #region hours
  app.get("/opening-hours", (_req, res) => {
    res.send("Corner Books is open Monday to Saturday, 9:00 to 18:00.");
  });
  // #endregion
  return app;
}

/** Listens until SIGINT or SIGTERM. */
export function listen(app: Express, name: string): void {
  const server = app.listen(port, host, (error) => {
    if (error) throw error;
    console.log(`Corner Books (${name}) listens on ${host}, port ${port}`);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      server.close(() => void client.close());
    });
  }
}
