import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { fields, findErrors, steps } from "../../starter/steps.ts";

const POLL_MS = 40;

/** One hash for each form, a field for each step. A second submit waits for the first. */
class Form {
  constructor({ redis, settings, saveBooking }, id) {
    this.redis = redis;
    this.settings = settings;
    this.saveBooking = saveBooking;
    this.key = `form:${id}`;
    this.lock = `form-lock:${id}`;
  }

  /** `{ draft, reference }`; the reference is that of the last booking, if no step was saved since. */
  async read() {
    const stored = await this.redis.hGetAll(this.key);
    const saved = steps.filter((step) => stored[step] !== undefined);
    const draft = Object.fromEntries(saved.map((step) => [step, JSON.parse(stored[step])]));
    return { draft, reference: stored.reference };
  }

  async save(step, answers) {
    await this.redis
      .multi()
      .hSet(this.key, step, JSON.stringify(answers))
      .hDel(this.key, "reference")
      .expire(this.key, this.settings.draftSeconds)
      .exec();
  }

  async booking(reference) {
    const text = await this.redis.hGet(`${this.key}:booked`, reference);
    return text === null ? undefined : JSON.parse(text);
  }

  /** `{ reference }`, `{ draft }` when it is not complete, or `{ failed: true }`. */
  async submit() {
    const mine = randomUUID();
    const lockMs = (this.settings.bookingSeconds + 2) * 1000;
    for (;;) {
      const before = await this.read();
      if (before.reference !== undefined || openStep(before.draft) !== undefined) return before;
      const expiration = { type: "PX", value: lockMs };
      if ((await this.redis.set(this.lock, mine, { condition: "NX", expiration })) !== null) break;
      await delay(POLL_MS);
    }
    const { draft, reference } = await this.read();
    if (reference !== undefined || openStep(draft) !== undefined) {
      await this.redis.del(this.lock);
      return { draft, reference };
    }
    try {
      return { reference: await this.#book(draft) };
    } catch {
      await this.redis.del(this.lock);
      return { failed: true };
    }
  }

  async #book(draft) {
    const reference = await this.saveBooking(draft);
    const { draftSeconds } = this.settings;
    await this.redis
      .multi()
      .hSet(`${this.key}:booked`, reference, JSON.stringify(draft))
      .expire(`${this.key}:booked`, draftSeconds)
      .hDel(this.key, [...steps])
      .hSet(this.key, "reference", reference)
      .expire(this.key, draftSeconds)
      .del(this.lock)
      .exec();
    return reference;
  }
}

export function createApp(context) {
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
  const formOf = (req) => new Form(context, req.session.form ?? "none");

  app.use("/booking/:step", (req, res, next) => {
    if (steps.includes(req.params.step)) next();
    else res.status(404).json({ error: "no such step" });
  });

  app.get("/booking/:step", async (req, res) => {
    const { step } = req.params;
    const { draft } = await formOf(req).read();
    if (isBehind(step, draft)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = draft[step];
    res.json({ answers: answers ?? {}, errors: answers ? findErrors(step, answers, draft) : {} });
  });

  app.post("/booking/:step", async (req, res) => {
    const { step } = req.params;
    const { draft } = await formOf(req).read();
    if (isBehind(step, draft)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = {};
    const errors = {};
    for (const field of fields[step]) {
      const text = Object.hasOwn(req.body ?? {}, field) ? req.body[field] : undefined;
      if (typeof text === "string") answers[field] = text;
      if (answers[field]?.length > settings.maxAnswerLength) errors[field] = "Too long.";
    }
    Object.assign(errors, findErrors(step, answers, draft));
    if (Object.keys(errors).length > 0) {
      res.status(422).json({ errors });
      return;
    }
    if (req.session.form === undefined) {
      req.session.form = randomUUID();
      await new Promise((resolve, reject) => {
        req.session.save((error) => (error ? reject(error) : resolve()));
      });
    }
    await formOf(req).save(step, answers);
    res.redirect(303, pageOf({ ...draft, [step]: answers }));
  });

  app.get("/review", async (req, res) => {
    const { draft } = await formOf(req).read();
    if (openStep(draft) === undefined) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const { reference, draft, failed } = await formOf(req).submit();
    if (failed) res.status(503).json({ error: "not booked, try again" });
    else if (reference === undefined) res.redirect(303, pageOf(draft));
    else res.redirect(303, `/bookings/${reference}`);
  });

  app.get("/bookings/:reference", async (req, res) => {
    const { reference } = req.params;
    const answers = await formOf(req).booking(reference);
    if (answers === undefined) res.status(404).json({ error: "no such booking" });
    else res.json({ reference, answers });
  });

  return app;
}

function openStep(draft) {
  return steps.find(
    (step) => !draft[step] || Object.keys(findErrors(step, draft[step], draft)).length > 0,
  );
}

function isBehind(step, draft) {
  const open = openStep(draft);
  return open !== undefined && steps.indexOf(step) > steps.indexOf(open);
}

function pageOf(draft) {
  const open = openStep(draft);
  return open === undefined ? "/review" : `/booking/${open}`;
}
