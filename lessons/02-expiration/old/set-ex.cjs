// How a time to live was given up to version 3 of the redis package: as two more arguments.
const { createClient } = require("redis");

const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
client.on("error", (error) => console.error("Redis:", error.message));

async function main() {
  await client.connect();
  // #region old
  const reply = await client.set("voucher:ada", "10 percent", "EX", 600);
  console.log("set answers", reply);
  // #endregion
  await client.close();
}

void main();
