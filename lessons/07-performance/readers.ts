// The readers of Corner Books, as a database would give them: everything that the shop knows of somebody.

export interface Reader {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly preferences: Readonly<Record<string, string>>;
  readonly permissions: readonly string[];
  readonly history: readonly Visit[];
}

/** A book that the reader has looked at. */
export interface Visit {
  readonly at: string;
  readonly book: string;
  readonly isbn: string;
  readonly cents: number;
}

const titles =
  "Emma,Persuasion,Middlemarch,Cranford,Villette,Silas Marner,Poems,Atlas of Islands".split(",");

const names = ["Ada", "Ben", "Carol", "Dan"];

/** The reader of this name, with some 50 KiB of history. Whoever is not known is Ada. */
export function findReader(name: unknown): Reader {
  return makeReader(1001 + Math.max(0, names.indexOf(String(name))), 550);
}

/** A reader who, as JSON, takes about so many bytes. */
export function makeReaderOf(bytes: number): Reader {
  const empty = JSON.stringify(makeReader(1001, 0)).length;
  const visit = JSON.stringify(makeReader(1001, 100)).length - empty;
  return makeReader(1001, Math.max(0, Math.round(((bytes - empty) / visit) * 100)));
}

/** The same arguments give the same reader. */
function makeReader(id: number, visits: number): Reader {
  const pick = numbersFrom(id);
  return {
    id,
    name: names[id - 1001] ?? "",
    email: `reader-${id}@reader.example`,
    preferences: { language: "en", currency: "EUR", layout: "covers", newsletter: "monthly" },
    permissions: ["browse", "order", "review", "gift"],
    history: Array.from({ length: visits }, () => ({
      at: new Date(1_700_000_000_000 + pick(30_000_000) * 1000).toISOString(),
      book: titles[pick(titles.length)] ?? "",
      isbn: `978-${pick(10)}-${pick(10_000)}-${pick(10_000)}-${pick(10)}`,
      cents: 500 + pick(4000),
    })),
  };
}

/** Numbers that look random and are the same each time (a linear congruential generator). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
