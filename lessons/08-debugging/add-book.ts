// The editors' tool: it empties the cache of pages, so that nobody sees an old one, and adds a book.
import { connect } from "./connect.ts";

const client = await connect("editors");

// #region clear
const prefix = process.env.CACHE_PREFIX ?? "";
for await (const keys of client.scanIterator({ MATCH: `${prefix}*`, COUNT: 100 })) {
  if (keys.length > 0) await client.del(keys);
}
// #endregion

await client.set("book:emma", JSON.stringify({ title: "Emma" }));
console.log("Emma is in the shop.");
client.destroy();
