import { type Client, connect } from "../connect.ts";

const VISITORS = 300;

/** What names the visitors' carts, for `forgetCarts`. */
const LIST = "visitors:carts";

/** Visitors of a shop put a book into a cart each; prints by how much the keys of Redis have grown. */
export async function fillCarts(name: string, port: string): Promise<void> {
  const client = await connect("carts");
  const old = new Set(await findCarts(client));
  const together = async () =>
    await Promise.all(Array.from({ length: 20 }, async () => await put(port)));
  // The first ones make Redis and the shop reserve what they need for connections.
  await together();
  const before = await dataset(client);
  for (let visitor = 0; visitor < VISITORS; visitor += 20) await together();
  const bytes = Math.round(((await dataset(client)) - before) / VISITORS);
  console.log(`${name}: ${VISITORS} carts, ${bytes} bytes of memory for each`);
  await client.sAdd(
    LIST,
    (await findCarts(client)).filter((cart) => !old.has(cart)),
  );
  client.destroy();
}

/** The carts of those visitors go; those of other people stay. */
export async function forgetCarts(): Promise<void> {
  const client = await connect("carts");
  await client.unlink([LIST, ...(await client.sMembers(LIST))]);
  client.destroy();
}

async function put(port: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/cart/emma`, { method: "POST" });
  await answer.text();
}

/** Bytes that the keys take. */
async function dataset(client: Client): Promise<number> {
  return Number(/used_memory_dataset:(\d+)/.exec(await client.info("memory"))?.[1]);
}

async function findCarts(client: Client): Promise<string[]> {
  const found = new Set<string>();
  for (const MATCH of ["cart:*", "basket:*"]) {
    for await (const keys of client.scanIterator({ MATCH, COUNT: 1000 })) {
      for (const key of keys) found.add(key);
    }
  }
  return [...found];
}
