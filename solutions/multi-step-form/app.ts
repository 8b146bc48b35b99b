import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request } from "express";
import session from "express-session";
import type { Booking, Context } from "./context.ts";
import {
  type Answers,
  type Draft,
  type Errors,
  fields,
  findErrors,
  type Step,
  steps,
} from "./steps.ts";

declare module "express-session" {
  interface SessionData {
    /** Of the draft and of the booking that may come of it. */
    formId: string;
  }
}

/** What Redis has of a form. */
interface Form {
  readonly draft: Draft;
  /** What the form has become; null as long as it is not booked. */
  readonly reference: string | null;
}

/** What a submit is answered: the page that it leads to, or what is wrong. */
type Outcome = { readonly page: string } | { readonly status: number; readonly error: string };

/** A claim must not run out while the booking that it stands for is still at work. */
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

  app.param("step", (_req, res, next, name) => {
    if (steps.some((step) => step === name)) next();
    else res.status(404).json({ error: "no such step" });
  });

  app.get("/booking/:step", async (req, res) => {
    const step = req.params.step as Step;
    const { draft } = await readForm(req.session.formId);
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
    const step = req.params.step as Step;
    const { draft } = await readForm(req.session.formId);
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
    const { draft } = await readForm(req.session.formId);
    if (isComplete(draft)) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const outcome = await submit(req);
    if ("page" in outcome) res.redirect(303, outcome.page);
    else res.status(outcome.status).json({ error: outcome.error });
  });

  app.get("/bookings/:reference", async (req, res) => {
    const { reference } = req.params;
    const answers = await redis.get(bookingKey(req, reference));
    if (answers === null) res.status(404).json({ error: "no such booking" });
    else res.json({ reference, answers: JSON.parse(answers) });
  });

  return app;

  async function submit(req: Request): Promise<Outcome> {
    const id = req.session.formId;
    if (id === undefined) return { page: pageOf({}) };
    const before = pageInstead(await readForm(id));
    if (before !== undefined) return { page: before };

    const claim = randomUUID();
    const life = { type: "EX", value: bookingSeconds + CLAIM_MARGIN_SECONDS } as const;
    const isMine = await redis.set(claimKey(id), claim, { condition: "NX", expiration: life });
    if (isMine === null) return { status: 409, error: "already being booked" };

    // Looked at once more: what was read before the claim may have been booked since.
    const form = await readForm(id);
    const after = pageInstead(form);
    if (after !== undefined) return await giveUp(id, claim, { page: after });
    const draft = form.draft as Booking;
    let reference: string;
    try {
      reference = await saveBooking(draft);
    } catch (error) {
      console.error("saveBooking failed:", error);
      return await giveUp(id, claim, { status: 503, error: "not booked, try again" });
    }
    const expiration = { type: "EX", value: draftSeconds } as const;
    await redis
      .multi()
      .set(doneKey(id), reference, { expiration })
      .set(bookingKey(req, reference), JSON.stringify(draft), { expiration })
      .del([draftKey(id), claimKey(id)])
      .exec();
    return { page: `/bookings/${reference}` };
  }

  /** Ends the claim without a booking; answers what the submit is answered. */
  async function giveUp(id: string, claim: string, outcome: Outcome): Promise<Outcome> {
    await redis.eval(deleteIfMine, { keys: [claimKey(id)], arguments: [claim] });
    return outcome;
  }

  async function readForm(id: string | undefined): Promise<Form> {
    if (id === undefined) return { draft: {}, reference: null };
    const [draft = null, reference = null] = await redis.mGet([draftKey(id), doneKey(id)]);
    return { draft: draft === null ? {} : (JSON.parse(draft) as Draft), reference };
  }

  /** Resolves once Redis has both the draft and the session that leads to it. */
  async function saveDraft(req: Request, draft: Draft): Promise<void> {
    const { formId } = req.session;
    // After a booking the next save begins another form.
    const { reference } = await readForm(formId);
    const id = formId === undefined || reference !== null ? randomUUID() : formId;
    await redis.set(draftKey(id), JSON.stringify(draft), {
      expiration: { type: "EX", value: draftSeconds },
    });
    req.session.formId = id;
    await promisify((done: (error?: unknown) => void) => req.session.save(done))();
  }

  function tooLong(answers: Answers): Errors {
    const wrong = Object.entries(answers).filter(([, text]) => text.length > maxAnswerLength);
    return Object.fromEntries(
      wrong.map(([field]) => [field, `At most ${maxAnswerLength} characters.`]),
    );
  }
}

/** Ends a claim only if it is still ours: it may have run out, and be somebody else's by now. */
const deleteIfMine = `
  if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end
`;

/** Asks for each field by name, so that nothing else can come in. What is no text is left out. */
function pick(step: Step, body: unknown): Answers {
  const sent = typeof body === "object" && body !== null ? body : {};
  const answers: Record<string, string> = {};
  for (const field of fields[step]) {
    const answer: unknown = Reflect.get(sent, field);
    if (typeof answer === "string") answers[field] = answer;
  }
  return answers;
}

/** The first step that is missing or not valid; undefined when the draft is complete. */
function openStep(draft: Draft): Step | undefined {
  return steps.find((step) => {
    const answers = draft[step];
    return answers === undefined || Object.keys(findErrors(step, answers, draft)).length > 0;
  });
}

function isBehind(step: Step, open: Step | undefined): boolean {
  return open !== undefined && steps.indexOf(step) > steps.indexOf(open);
}

/** Where a submit leads that books nothing; undefined when there is something to book. */
function pageInstead({ draft, reference }: Form): string | undefined {
  if (reference !== null) return `/bookings/${reference}`;
  return isComplete(draft) ? undefined : pageOf(draft);
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

/** There while somebody books the draft, and gone by itself if that process dies. */
function claimKey(id: string): string {
  return `claim:${id}`;
}

/** Holds the reference that a form has become. */
function doneKey(id: string): string {
  return `done:${id}`;
}

/** Of this browser: another one that guesses the reference finds nothing. */
function bookingKey(req: Request, reference: string): string {
  return `booking:${req.sessionID}:${reference}`;
}
