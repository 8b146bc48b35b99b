import { RedisStore } from "connect-redis";
import express, { type Express } from "express";
import session from "express-session";
import type { Booking, Context } from "../../starter/context.ts";
import {
  type Answers,
  type Draft,
  fields,
  findErrors,
  type Step,
  steps,
} from "../../starter/steps.ts";

declare module "express-session" {
  interface SessionData {
    /** A session that is empty is not saved. */
    hasForm: boolean;
  }
}

/** A hash for each browser with steps, claim and reference. Every access is a script. */
export function createApp(context: Context): Express {
  const { redis, secret, settings, saveBooking } = context;
  const { draftSeconds, bookingSeconds, maxAnswerLength } = settings;
  const app = express();
  app.use(express.json());
  app.use(
    session({
      name: "sid",
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: draftSeconds }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "strict" },
    }),
  );
  const run = async (script: string, sessionId: string, ...rest: readonly string[]) => {
    const keys = [`form:{${sessionId}}`, `booked:{${sessionId}}`];
    const reply = await redis.eval(script, { keys, arguments: [...rest, String(draftSeconds)] });
    return Array.isArray(reply) ? reply.map(String) : [String(reply ?? "")];
  };
  const readDraft = async (sessionId: string): Promise<Draft> => {
    const saved = await run(readSteps, sessionId, ...steps);
    const found = steps.map((step, index) => [step, saved[index] ?? ""] as const);
    return Object.fromEntries(
      found.filter(([, text]) => text !== "").map(([step, text]) => [step, JSON.parse(text)]),
    );
  };

  app.get("/booking/:name", async (req, res, next) => {
    const step = steps.find((each) => each === req.params.name);
    if (step === undefined) {
      next();
      return;
    }
    const draft = await readDraft(req.sessionID);
    if (!reachable(draft).includes(step)) res.redirect(303, pageOf(draft));
    else {
      const answers = draft[step];
      const errors = answers === undefined ? {} : findErrors(step, answers, draft);
      res.json({ answers: { ...answers }, errors });
    }
  });

  app.post("/booking/:name", async (req, res, next) => {
    const step = steps.find((each) => each === req.params.name);
    if (step === undefined) {
      next();
      return;
    }
    const draft = await readDraft(req.sessionID);
    if (!reachable(draft).includes(step)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers: Answers = Object.fromEntries(
      Object.entries(Object(req.body) as Record<string, unknown>).filter(
        (pair): pair is [string, string] =>
          fields[step].includes(pair[0]) && typeof pair[1] === "string",
      ),
    );
    const long = Object.keys(answers).filter(
      (name) => (answers[name] ?? "").length > maxAnswerLength,
    );
    const errors = {
      ...Object.fromEntries(long.map((field) => [field, `More than ${maxAnswerLength}.`])),
      ...findErrors(step, answers, draft),
    };
    if (Object.keys(errors).length > 0) {
      res.status(422).json({ errors });
      return;
    }
    req.session.hasForm = true;
    await new Promise<void>((resolve, reject) => {
      req.session.save((error) => (error ? reject(error) : resolve()));
    });
    await run(saveStep, req.sessionID, step, JSON.stringify(answers));
    res.redirect(303, pageOf({ ...draft, [step]: answers }));
  });

  app.get("/review", async (req, res) => {
    const draft = await readDraft(req.sessionID);
    if (isWhole(draft)) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const [verdict, reference] = await run(claim, req.sessionID, String(bookingSeconds + 4));
    if (verdict === "booked") {
      res.redirect(303, `/bookings/${reference}`);
      return;
    }
    if (verdict === "busy") {
      res.status(409).json({ error: "already being booked" });
      return;
    }
    const draft = await readDraft(req.sessionID);
    if (!isWhole(draft)) {
      await run(giveUp, req.sessionID);
      res.redirect(303, pageOf(draft));
      return;
    }
    const booked = await saveBooking(draft).catch(() => "");
    if (booked === "") {
      await run(giveUp, req.sessionID);
      res.status(503).json({ error: "not booked, try again" });
      return;
    }
    await run(finish, req.sessionID, booked, JSON.stringify(draft));
    res.redirect(303, `/bookings/${booked}`);
  });

  app.get("/bookings/:reference", async (req, res) => {
    const { reference } = req.params;
    const [text = ""] = await run(readBooking, req.sessionID, reference);
    if (text === "") res.status(404).json({ error: "no such booking" });
    else res.json({ reference, answers: JSON.parse(text) });
  });

  app.use((_req, res) => {
    res.status(404).json({ error: "no such step" });
  });
  return app;
}

const readSteps = `
  local saved = {}
  for i = 1, #ARGV - 1 do saved[i] = redis.call("HGET", KEYS[1], "step " .. ARGV[i]) or "" end
  return saved
`;

const saveStep = `
  redis.call("HDEL", KEYS[1], "reference")
  redis.call("HSET", KEYS[1], "step " .. ARGV[1], ARGV[2])
  return redis.call("EXPIRE", KEYS[1], ARGV[3])
`;

/** By the clock of Redis, which all instances share. */
const claim = `
  local reference = redis.call("HGET", KEYS[1], "reference")
  if reference then return { "booked", reference } end
  if redis.call("EXISTS", KEYS[1]) == 0 then return { "yours" } end
  local now = tonumber(redis.call("TIME")[1])
  if now < tonumber(redis.call("HGET", KEYS[1], "busyUntil") or "0") then return { "busy" } end
  redis.call("HSET", KEYS[1], "busyUntil", string.format("%.0f", now + ARGV[1]))
  return { "yours" }
`;

const giveUp = `return redis.call("HDEL", KEYS[1], "busyUntil")`;

const finish = `
  redis.call("DEL", KEYS[1])
  redis.call("HSET", KEYS[1], "reference", ARGV[1])
  redis.call("EXPIRE", KEYS[1], ARGV[3])
  redis.call("HSET", KEYS[2], ARGV[1], ARGV[2])
  return redis.call("EXPIRE", KEYS[2], ARGV[3])
`;

const readBooking = `return redis.call("HGET", KEYS[2], ARGV[1]) or ""`;

/** The steps that may be shown: all valid ones from the first on, and one more. */
function reachable(draft: Draft): readonly Step[] {
  const open = steps.findIndex((step) => !isValid(step, draft));
  return open === -1 ? steps : steps.slice(0, open + 1);
}

function isValid(step: Step, draft: Draft): boolean {
  const answers = draft[step];
  return answers !== undefined && Object.keys(findErrors(step, answers, draft)).length === 0;
}

function isWhole(draft: Draft): draft is Booking {
  return steps.every((step) => isValid(step, draft));
}

function pageOf(draft: Draft): string {
  return isWhole(draft) ? "/review" : `/booking/${reachable(draft).at(-1)}`;
}
