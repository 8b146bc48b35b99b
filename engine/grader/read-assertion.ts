const LONGEST = 500;
const ASSERTION =
  /^(?:(?<sentence>[\s\S]*?): )?expected (?<came>[\s\S]*?) (?<not>not )?to (?<clause>[\s\S]*?)(?: \/\/ [\w. ]+)?$/;
/** How the assertion library begins its clauses, and what a person would say. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^be less than or equal to /, "at most "],
  [/^be greater than or equal to /, "at least "],
  [/^be greater than /, "more than "],
  [/^be less than /, "less than "],
  [/^be one of \[ (.*), (.*) \]$/, "$1 or $2"],
  [/^be one of /, "one of "],
  [/^include '(.*)'$/, "$1 among them"],
  [/^have a length of (\d+)[\s\S]*/, "$1 of them"],
  [/^be (defined|undefined|null|truthy|falsy|NaN)/, "$1"],
  [/^(?:be|deeply equal|strictly equal|match object) /, ""],
];
/** Of these the values themselves are shown; a long one is not shortened as in the message. */
const VALUES =
  /^(?:be (?!less|greater|one of|close)|deeply equal (?!\w)|strictly equal |match object )/;

/**
 * What a failed check has to say: its own sentence, what was expected and what came, without
 * the assertion library's wording.
 */
export function readAssertion(error: unknown): {
  readonly why: string;
  readonly expected: string | undefined;
  readonly came: string | undefined;
} {
  if (!(error instanceof Error))
    return { why: String(error), expected: undefined, came: undefined };
  const parts = ASSERTION.exec(error.message)?.groups;
  if (parts === undefined) return { why: error.message, expected: undefined, came: undefined };
  const { sentence, came = "", not, clause = "" } = parts;
  const expected: unknown = Reflect.get(error, "expected");
  const hasValues = VALUES.test(clause) && expected !== undefined;
  const wanted = hasValues ? inWords(expected) : inPlainWords(clause);
  return {
    why: sentence ?? "This does not hold.",
    expected: cut(not === undefined ? wanted : `not ${wanted}`),
    came: cut(hasValues ? inWords(Reflect.get(error, "actual")) : withoutQuotes(came)),
  };
}

function inPlainWords(clause: string): string {
  const [pattern, word] = WORDS.find(([begin]) => begin.test(clause)) ?? [/^/, "to "];
  return clause.replace(pattern, word);
}

/** A list of texts, or of nothing, as the library writes it down. */
function withoutQuotes(text: string): string {
  if (text === "[]") return "none";
  return /^\[ ('[^']*'(, )?)+ \]$/.test(text) ? text.slice(2, -2).replaceAll("'", "") : text;
}

function inWords(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
    return value.length === 0 ? "none" : value.join(", ");
  }
  return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
