// The catalogue, as a database would give it.

export interface Book {
  readonly id: string;
  readonly title: string;
  readonly blurb: string;
}

export const books: readonly Book[] = [
  {
    id: "emma",
    title: "Emma",
    blurb: "Handsome, clever and rich, and wrong about everybody's heart, her own included.",
  },
  {
    id: "cranford",
    title: "Cranford",
    blurb: "A small town in the possession of ladies, with its economies, calls and cows.",
  },
  {
    id: "villette",
    title: "Villette",
    blurb: "A teacher in a foreign town keeps her own counsel, even from those who read her.",
  },
];

/** Undefined when there is no such book. */
export function findBook(id: string): Book | undefined {
  return books.find((book) => book.id === id);
}
