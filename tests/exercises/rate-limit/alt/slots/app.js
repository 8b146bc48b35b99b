import { randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";

/**
 * As many slots as attempts are allowed, a key for each. SET NX takes a free one, or does not:
 * nothing here needs a script or a transaction.
 */
class Slots {
  constructor(redis, windowSeconds) {
    this.redis = redis;
    this.windowMs = windowSeconds * 1000;
  }

  keys(subject, limit) {
    return Array.from({ length: limit }, (_, number) => `slot:${subject}:${number}`);
  }

  /** The slot that was free, or null. */
  async take(subject, limit, attempt) {
    const options = {
      condition: "NX",
      expiration: { type: "PXAT", value: Date.now() + this.windowMs },
    };
    for (const key of this.keys(subject, limit)) {
      if ((await this.redis.set(key, attempt, options)) !== null) return key;
    }
    return null;
  }

  /** How long until the first slot is free; 1 if one is. */
  async waitMs(subject, limit) {
    const all = await Promise.all(this.keys(subject, limit).map((key) => this.redis.pTTL(key)));
    return Math.max(1, Math.min(...all));
  }

  async free(...keys) {
    await this.redis.del(keys);
  }
}

export function createApp({ redis, secret, settings, verifyPassword }) {
  const { accountLimit, addressLimit } = settings;
  const slots = new Slots(redis, settings.windowSeconds);
  const app = express();
  app.set("trust proxy", settings.trustProxy);
  app.use(express.json());
  app.use(
    session({
      store: new RedisStore({ client: redis }),
      secret,
      resave: false,
      saveUninitialized: false,
    }),
  );

  app.get("/me", (req, res) => {
    const name = req.session.accountName;
    if (name) res.json({ name });
    else res.status(401).json({ error: "not signed in" });
  });

  app.post("/login", async (req, res) => {
    const name = req.body.name.trim().toLowerCase();
    const account = `account:${name}`;
    const address = `address:${req.ip}`;
    const refuse = async () => {
      const waits = [slots.waitMs(account, accountLimit), slots.waitMs(address, addressLimit)];
      const waitMs = Math.max(...(await Promise.all(waits)));
      res.set("Retry-After", String(Math.ceil(waitMs / 1000)));
      res.status(429).json({ error: "too many failed logins" });
    };

    const attempt = randomUUID();
    const accountSlot = await slots.take(account, accountLimit, attempt);
    if (accountSlot === null) return refuse();
    const addressSlot = await slots.take(address, addressLimit, attempt);
    if (addressSlot === null) {
      await slots.free(accountSlot);
      return refuse();
    }

    if ((await verifyPassword(name, req.body.password)) !== "right") {
      return res.status(401).json({ error: "wrong name or password" });
    }
    await slots.free(addressSlot, ...slots.keys(account, accountLimit));
    await new Promise((resolve, reject) => {
      req.session.regenerate((error) => (error ? reject(error) : resolve()));
    });
    req.session.accountName = name;
    await new Promise((resolve, reject) => {
      req.session.save((error) => (error ? reject(error) : resolve()));
    });
    res.json({ name });
  });

  app.use((error, _req, res, next) => {
    if (res.headersSent) next(error);
    else res.status(503).json({ error: "login is unavailable" });
  });
  return app;
}
