// The customers, as a database would give them.

/** Everything that the shop knows of somebody. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly email: string;
  readonly genres: readonly string[];
}

const customers: readonly Customer[] = [
  {
    id: "c1",
    name: "Ada",
    role: "customer",
    email: "ada@reader.example",
    genres: ["crime", "poetry"],
  },
  { id: "c2", name: "Ben", role: "customer", email: "ben@reader.example", genres: ["travel"] },
  { id: "c3", name: "Carol", role: "customer", email: "carol@reader.example", genres: ["art"] },
];

/** By name; undefined when there is nobody of that name. */
export function findCustomer(name: unknown): Customer | undefined {
  return customers.find((customer) => customer.name === name);
}
