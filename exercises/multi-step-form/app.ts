import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import session from "express-session";
import type { Context } from "./context.ts";

export function createApp(context: Context): Express {
  const { redis, secret, settings } = context;
  const app = express();

  app.use(express.json());
  app.use(
    session({
      name: "sid",
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: settings.draftSeconds }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  // This is your work. The README says what it must do, in 16 numbered behaviours.
  // steps.ts has the steps, their fields, and `findErrors`, which says what is wrong with answers.
  app.get("/booking/:step", async (_req, res) => {
    res.status(501).json({ error: "not written yet" });
  });

  app.post("/booking/:step", async (_req, res) => {
    res.status(501).json({ error: "not written yet" });
  });

  // `context.saveBooking` books the place on the ship.
  app.post("/submit", async (_req, res) => {
    res.status(501).json({ error: "not written yet" });
  });

  app.get("/bookings/:reference", async (_req, res) => {
    res.status(501).json({ error: "not written yet" });
  });

  return app;
}
