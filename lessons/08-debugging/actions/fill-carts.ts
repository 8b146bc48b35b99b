import { connect } from "../connect.ts";

const VISITORS = 300;

/** Visitors of a shop put a book into a cart each; prints by how much the memory of Redis has grown. Then the carts go. */
export async function fillCarts(name: string, port: string): Promise<void> {
  const client = await connect("carts");
  const usedMemory = async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  const findCarts = async () => {
    const found = new Set<string>();
    for await (const keys of client.scanIterator({ MATCH: "cart:*", COUNT: 1000 })) {
      for (const key of keys) found.add(key);
    }
    return [...found];
  };
  const put = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/cart/emma`, { method: "POST" });
    await answer.text();
  };

  const old = new Set(await findCarts());
  await put();
  const before = await usedMemory();
  for (let visitor = 0; visitor < VISITORS; visitor += 20) {
    await Promise.all(Array.from({ length: 20 }, put));
  }
  const bytes = Math.round(((await usedMemory()) - before) / VISITORS);
  console.log(`${name}: ${VISITORS} carts, ${bytes} bytes of memory for each`);
  await client.unlink((await findCarts()).filter((cart) => !old.has(cart)));
  client.destroy();
}
