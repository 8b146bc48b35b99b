// The form itself: its steps, their fields, and what is wrong with answers. Ready to use.

export const steps = ["crossing", "vehicle", "contact"] as const;

export type Step = (typeof steps)[number];

/** What was entered in one step, by field. */
export type Answers = Readonly<Record<string, string>>;

/** The answers of the steps that there are so far. */
export type Draft = Readonly<Partial<Record<Step, Answers>>>;

/** What is wrong, by field; empty when nothing is. */
export type Errors = Readonly<Record<string, string>>;

export const fields: Readonly<Record<Step, readonly string[]>> = {
  crossing: ["route", "date"],
  vehicle: ["plate", "metres"],
  contact: ["name", "email"],
};

/** Each ship has another deck: the longest lorry that it takes, in metres. */
export const longest: Readonly<Record<string, number>> = { gothenburg: 25, faroe: 12 };

/**
 * What is wrong with the answers of one step. Answers may be anything that a browser can send.
 * Some depend on others, so `draft` holds the answers of the steps before; some depend on today.
 */
export function findErrors(
  step: Step,
  answers: Readonly<Record<string, unknown>>,
  draft: Draft,
): Errors {
  const errors: Record<string, string> = {};
  for (const field of fields[step]) {
    const answer = Object.hasOwn(answers, field) ? answers[field] : undefined;
    const text = typeof answer === "string" ? answer : "";
    const problem = problems[field]?.(text, draft);
    if (problem !== undefined) errors[field] = problem;
  }
  return errors;
}

const problems: Readonly<Record<string, (text: string, draft: Draft) => string | undefined>> = {
  route: (text) => (Object.hasOwn(longest, text) ? undefined : "Choose gothenburg or faroe."),
  date: (text) => {
    if (!isDate(text)) return "Write the date as 2027-06-30.";
    return text < today() ? "The ship of that day has sailed." : undefined;
  },
  plate: (text) =>
    /^[A-Z\d][A-Z\d -]*$/i.test(text) ? undefined : "Letters and digits, as on the lorry.",
  metres: (text, draft) => {
    if (!/^[1-9]\d*$/.test(text)) return "A whole number of metres.";
    const most = longest[draft.crossing?.route ?? ""];
    return most !== undefined && Number(text) > most ? `The deck takes ${most} metres.` : undefined;
  },
  name: (text) => (text.trim() === "" ? "Who brings the lorry?" : undefined),
  email: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? undefined : "An address with one @."),
};

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** In UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
