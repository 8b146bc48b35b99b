import { randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Booking, Context } from "../../starter/context.ts";
import { type Draft, fields, findErrors, type Step, steps } from "../../starter/steps.ts";

declare module "express-session" {
  interface SessionData {
    draft: Draft;
    /** What was booked last. */
    booking: { reference: string; answers: Booking };
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, settings, saveBooking } = context;
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

  app.param("step", (_req, res, next, name) => {
    if (steps.some((step) => step === name)) next();
    else res.status(404).json({ error: "no such step" });
  });

  app.get("/booking/:step", (req, res) => {
    const step = req.params.step as Step;
    const { draft = {} } = req.session;
    if (!isOpen(step, draft)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = draft[step];
    res.json({ answers: answers ?? {}, errors: answers ? findErrors(step, answers, draft) : {} });
  });

  app.post("/booking/:step", async (req, res) => {
    const step = req.params.step as Step;
    const { draft = {} } = req.session;
    if (!isOpen(step, draft)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const body: Record<string, unknown> = req.body ?? {};
    const texts = fields[step]
      .filter((field) => Object.hasOwn(body, field))
      .map((field) => [field, body[field]])
      .filter((pair): pair is [string, string] => typeof pair[1] === "string");
    const answers = Object.fromEntries(texts);
    const errors = { ...findErrors(step, answers, draft) };
    for (const [field, text] of texts) {
      if (text.length > settings.maxAnswerLength) errors[field] = "Too long.";
    }
    if (Object.keys(errors).length > 0) {
      res.status(422).json({ errors });
      return;
    }
    req.session.draft = { ...draft, [step]: answers };
    await save(req);
    res.redirect(303, pageOf(req.session.draft));
  });

  app.get("/review", (req, res) => {
    const { draft = {} } = req.session;
    if (openStep(draft) === undefined) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const before = req.session.booking;
    if (before !== undefined && isEmpty(req.session.draft)) {
      res.redirect(303, `/bookings/${before.reference}`);
      return;
    }
    const claim = `submitting:${req.sessionID}`;
    const mine = randomUUID();
    const expiration = { type: "EX", value: settings.bookingSeconds + 5 } as const;
    if ((await redis.set(claim, mine, { condition: "NX", expiration })) === null) {
      res.status(409).json({ error: "already being booked" });
      return;
    }
    try {
      // The session that came with the request may be older than the last booking.
      if (req.session.draft !== undefined) await reload(req);
      const { draft = {}, booking } = req.session;
      if (booking !== undefined && isEmpty(draft)) {
        res.redirect(303, `/bookings/${booking.reference}`);
        return;
      }
      if (openStep(draft) !== undefined) {
        res.redirect(303, pageOf(draft));
        return;
      }
      const answers = draft as Booking;
      const reference = await saveBooking(answers).catch(() => undefined);
      if (reference === undefined) {
        res.status(503).json({ error: "not booked, try again" });
        return;
      }
      req.session.booking = { reference, answers };
      req.session.draft = {};
      await save(req);
      res.redirect(303, `/bookings/${reference}`);
    } finally {
      if ((await redis.get(claim)) === mine) await redis.del(claim);
    }
  });

  app.get("/bookings/:reference", (req, res) => {
    const { booking } = req.session;
    if (booking?.reference === req.params.reference) res.json(booking);
    else res.status(404).json({ error: "no such booking" });
  });

  return app;
}

function openStep(draft: Draft): Step | undefined {
  for (const step of steps) {
    const answers = draft[step];
    if (!answers || Object.keys(findErrors(step, answers, draft)).length > 0) return step;
  }
  return undefined;
}

function isEmpty(draft: Draft = {}): boolean {
  return Object.keys(draft).length === 0;
}

function isOpen(step: Step, draft: Draft): boolean {
  const open = openStep(draft);
  return open === undefined || steps.indexOf(step) <= steps.indexOf(open);
}

function pageOf(draft: Draft): string {
  const open = openStep(draft);
  return open === undefined ? "/review" : `/booking/${open}`;
}

async function save(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

async function reload(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.reload((error) => (error ? reject(error) : resolve()));
  });
}
