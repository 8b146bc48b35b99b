import { randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Booking, Context } from "../../starter/context.ts";
import {
  type Answers,
  type Draft,
  type Errors,
  fields,
  findErrors,
  type Step,
  steps,
} from "../../starter/steps.ts";

declare module "express-session" {
  interface SessionData {
    formId: string;
  }
}

const CLAIM_MARGIN_SECONDS = 10;

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
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  app.get("/booking/:step", async (req, res) => {
    const step = steps.find((each) => each === req.params.step);
    if (step === undefined) {
      res.status(404).json({ error: "no such step" });
      return;
    }
    const draft = await readDraft(req);
    if (isBehind(step, openStep(draft))) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = draft[step];
    res.json({
      answers: answers ?? {},
      errors: answers === undefined ? {} : findErrors(step, answers, draft),
    });
  });

  app.post("/booking/:step", async (req, res) => {
    const step = steps.find((each) => each === req.params.step);
    if (step === undefined) {
      res.status(404).json({ error: "no such step" });
      return;
    }
    const draft = await readDraft(req);
    if (isBehind(step, openStep(draft))) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = pick(step, req.body);
    const errors = { ...findErrors(step, answers, draft), ...tooLong(answers) };
    if (Object.keys(errors).length > 0) {
      res.status(422).json({ errors });
      return;
    }
    const saved = { ...draft, [step]: answers };
    await saveDraft(req, saved);
    res.redirect(303, pageOf(saved));
  });

  app.get("/review", async (req, res) => {
    const draft = await readDraft(req);
    if (isComplete(draft)) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const id = req.session.formId;
    if (id === undefined) {
      res.redirect(303, pageOf({}));
      return;
    }
    const reference = await redis.get(doneKey(id));
    if (reference !== null) {
      res.redirect(303, `/bookings/${reference}`);
      return;
    }
    const claim = randomUUID();
    const life = { type: "EX", value: bookingSeconds + CLAIM_MARGIN_SECONDS } as const;
    const isMine = await redis.set(claimKey(id), claim, { condition: "NX", expiration: life });
    if (isMine === null) {
      res.status(409).json({ error: "already being booked" });
      return;
    }
    const meanwhile = await redis.get(doneKey(id));
    const draft = await readDraft(req);
    if (meanwhile !== null || !isComplete(draft)) {
      await redis.eval(giveUpClaim, { keys: [claimKey(id)], arguments: [claim] });
      res.redirect(303, meanwhile === null ? pageOf(draft) : `/bookings/${meanwhile}`);
      return;
    }
    let booked: string;
    try {
      booked = await saveBooking(draft);
    } catch (error) {
      console.error("saveBooking failed:", error);
      await redis.eval(giveUpClaim, { keys: [claimKey(id)], arguments: [claim] });
      res.status(503).json({ error: "not booked, try again" });
      return;
    }
    await redis
      .multi()
      .set(doneKey(id), booked, { expiration: { type: "EX", value: draftSeconds } })
      .set(bookingKey(req, booked), JSON.stringify(draft), {
        expiration: { type: "EX", value: draftSeconds },
      })
      .del(claimKey(id))
      .exec();
    res.redirect(303, `/bookings/${booked}`);
  });

  app.get("/bookings/:reference", async (req, res) => {
    const { reference } = req.params;
    const answers = await redis.get(bookingKey(req, reference));
    if (answers === null) res.status(404).json({ error: "no such booking" });
    else res.json({ reference, answers: JSON.parse(answers) });
  });

  return app;

  async function readDraft(req: Request): Promise<Draft> {
    const { formId } = req.session;
    const text = formId === undefined ? null : await redis.get(draftKey(formId));
    return text === null ? {} : (JSON.parse(text) as Draft);
  }

  async function saveDraft(req: Request, draft: Draft): Promise<void> {
    const { formId } = req.session;
    const isOver = formId === undefined || (await redis.exists(doneKey(formId))) === 1;
    const id = isOver ? randomUUID() : formId;
    await redis.set(draftKey(id), JSON.stringify(draft), {
      expiration: { type: "EX", value: draftSeconds },
    });
    req.session.formId = id;
    await new Promise<void>((resolve, reject) => {
      req.session.save((error) => (error ? reject(error) : resolve()));
    });
  }

  function tooLong(answers: Answers): Errors {
    const wrong = Object.entries(answers).filter(([, text]) => text.length > maxAnswerLength);
    return Object.fromEntries(
      wrong.map(([field]) => [field, `At most ${maxAnswerLength} characters.`]),
    );
  }
}

const giveUpClaim = `
  if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end
  return 0
`;

function pick(step: Step, body: unknown): Answers {
  const sent = typeof body === "object" && body !== null ? body : {};
  const answers: Record<string, string> = {};
  for (const field of fields[step]) {
    const answer: unknown = Object.hasOwn(sent, field) ? Reflect.get(sent, field) : undefined;
    if (typeof answer === "string") answers[field] = answer;
  }
  return answers;
}

function openStep(draft: Draft): Step | undefined {
  return steps.find((step) => {
    const answers = draft[step];
    return answers === undefined || Object.keys(findErrors(step, answers, draft)).length > 0;
  });
}

function isBehind(step: Step, open: Step | undefined): boolean {
  return open !== undefined && steps.indexOf(step) > steps.indexOf(open);
}

function isComplete(draft: Draft): draft is Booking {
  return openStep(draft) === undefined;
}

function pageOf(draft: Draft): string {
  const open = openStep(draft);
  return open === undefined ? "/review" : `/booking/${open}`;
}

function draftKey(id: string): string {
  return `draft:${id}`;
}

function claimKey(id: string): string {
  return `claim:${id}`;
}

function doneKey(id: string): string {
  return `done:${id}`;
}

function bookingKey(req: Request, reference: string): string {
  return `booking:${req.sessionID}:${reference}`;
}
