import { randomBytes } from "node:crypto";
import express, { type Express, type Request, type Response } from "express";
import type { Booking, Context } from "../../starter/context.ts";
import { type Answers, fields, findErrors, type Step, steps } from "../../starter/steps.ts";
import { type Document, Documents } from "./documents.ts";
import { isBehind, openStep, pageOf } from "./open-step.ts";

type Claim = { readonly booking: Booking } | { readonly page: string } | "busy";

/** Without express-session: the cookie names a document. */
export async function createApp({ redisUrl, settings, saveBooking }: Context): Promise<Express> {
  const documents = await Documents.connect(redisUrl, settings.draftSeconds);
  const app = express();
  app.use(express.json());

  app.get("/booking/:name", async (req, res) => {
    const step = stepOf(req.params.name, res);
    if (step === undefined) return;
    const { draft } = await documents.read(browserOf(req));
    if (isBehind(step, draft)) {
      res.redirect(303, pageOf(draft));
      return;
    }
    const answers = draft[step];
    const errors = answers === undefined ? {} : findErrors(step, answers, draft);
    res.json({ answers: answers ?? {}, errors });
  });

  app.post("/booking/:name", async (req, res) => {
    const step = stepOf(req.params.name, res);
    if (step === undefined) return;
    const known = browserOf(req);
    const browser = known === "" ? randomBytes(24).toString("base64url") : known;
    const { errors, page } = await documents.change(browser, (document) => {
      const { draft } = document;
      if (isBehind(step, draft)) return [undefined, { page: pageOf(draft), errors: {} }];
      const answers = pick(step, req.body);
      const found = { ...findErrors(step, answers, draft), ...tooLong(answers) };
      if (Object.keys(found).length > 0) return [undefined, { page: "", errors: found }];
      const after = { ...document, draft: { ...draft, [step]: answers }, last: undefined };
      return [after, { page: pageOf(after.draft), errors: {} }];
    });
    if (page === "") {
      res.status(422).json({ errors });
      return;
    }
    if (known === "") res.cookie("form", browser, { httpOnly: true, sameSite: "lax" });
    res.redirect(303, page);
  });

  app.get("/review", async (req, res) => {
    const { draft } = await documents.read(browserOf(req));
    if (openStep(draft) === undefined) res.json({ answers: draft });
    else res.redirect(303, pageOf(draft));
  });

  app.post("/submit", async (req, res) => {
    const browser = browserOf(req);
    const claim = await documents.change(browser, claimDraft);
    if (claim === "busy") {
      res.status(409).json({ error: "already being booked" });
      return;
    }
    if ("page" in claim) {
      res.redirect(303, claim.page);
      return;
    }
    try {
      const reference = await saveBooking(claim.booking);
      await documents.change(browser, ({ bookings }) => [
        { draft: {}, bookings: { ...bookings, [reference]: claim.booking }, last: reference },
        undefined,
      ]);
      res.redirect(303, `/bookings/${reference}`);
    } catch {
      await documents.change(browser, (document) => [
        { ...document, bookingUntil: undefined },
        undefined,
      ]);
      res.status(503).json({ error: "not booked, try again" });
    }
  });

  app.get("/bookings/:reference", async (req, res) => {
    const { reference } = req.params;
    const { bookings } = await documents.read(browserOf(req));
    if (Object.hasOwn(bookings, reference)) res.json({ reference, answers: bookings[reference] });
    else res.status(404).json({ error: "no such booking" });
  });

  return app;

  function claimDraft(document: Document): readonly [Document | undefined, Claim] {
    const { draft, last, bookingUntil = 0 } = document;
    if (last !== undefined) return [undefined, { page: `/bookings/${last}` }];
    if (openStep(draft) !== undefined) return [undefined, { page: pageOf(draft) }];
    if (bookingUntil > Date.now()) return [undefined, "busy"];
    const until = Date.now() + settings.bookingSeconds * 1000 + 3000;
    return [{ ...document, bookingUntil: until }, { booking: draft as Booking }];
  }

  function tooLong(answers: Answers): Record<string, string> {
    const long = Object.keys(answers).filter(
      (field) => (answers[field] ?? "").length > settings.maxAnswerLength,
    );
    return Object.fromEntries(long.map((field) => [field, "Too long."]));
  }
}

function stepOf(name: string, res: Response): Step | undefined {
  const step = steps.find((each) => each === name);
  if (step === undefined) res.status(404).json({ error: "no such step" });
  return step;
}

function pick(step: Step, body: unknown): Answers {
  const sent = new Map<string, unknown>(Object.entries(body ?? {}));
  const answers = fields[step].map((field) => [field, sent.get(field)]);
  return Object.fromEntries(answers.filter(([, answer]) => typeof answer === "string"));
}

/** Empty for a browser without a cookie. */
function browserOf(req: Request): string {
  return /(?:^|;\s*)form=([\w-]{32})(?:;|$)/.exec(req.headers.cookie ?? "")?.[1] ?? "";
}
