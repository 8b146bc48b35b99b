// What the versions of the shop share: books, the connection to Redis, the sessions, the listening.
import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import session from "express-session";
import { createClient } from "redis";

declare module "express-session" {
  interface SessionData {
    user: string;
    /** The whole cart, in the version that keeps it in the session. */
    cart: CartLine[];
    /** Names a guest's cart, in the versions that keep it beside the session. */
    cartId: string;
    notice: string;
  }
}

/** A line of the cart that lies in the session. */
export interface CartLine {
  id: string;
  title: string;
  cents: number;
  quantity: number;
}

// #region catalogue
/** What the shop sells, and for how many cents. */
export const catalogue = new Map([
  ["poems", { title: "Poems", cents: 1200 }],
  ["atlas", { title: "Atlas of Islands", cents: 4500 }],
  ["crime", { title: "Death in the Index", cents: 990 }],
]);
// #endregion

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? "127.0.0.1";
const redisUrl = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
const secret = process.env.SESSION_SECRET ?? "for development only: set SESSION_SECRET";

/** Connected. */
export const client = createClient({ url: redisUrl });
client.on("error", (error) => console.error("Redis:", error.message));
await client.connect();

/** An app with sessions: half an hour in Redis, and a cookie that goes when the browser is closed. */
export function createShop(store = new RedisStore({ client, ttl: 30 * 60 })): Express {
  const app = express();
  app.use(
    session({
      store,
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );
  app.use(express.json());
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
