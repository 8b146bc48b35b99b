// What each service does: it connects to Redis, and it listens.
import type { Express } from "express";
import { createClient } from "redis";

declare module "express-session" {
  interface SessionData {
    userId: string;
    role: string;
    language: string;
    stars: number;
  }
}

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";

/** Signs the cookies; all services have the same one. */
export const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** Connected. */
export const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

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
