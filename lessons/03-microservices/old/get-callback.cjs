// How a reply was read up to version 3 of the redis package: by a callback.
const { createClient } = require("redis");

const client = createClient({ url: process.env.REDIS_URL ?? "redis://127.0.0.1:6379" });
client.on("error", (error) => console.error("Redis:", error.message));

async function main() {
  await client.connect();
  let calls = 0;
  // #region old
  const promise = client.get("profile:c1", (error, profile) => {
    calls += 1;
    console.log("the callback got", error, profile);
  });
  // #endregion
  console.log("the promise got", await promise);
  console.log("calls of the callback:", calls);
  await client.close();
}

void main();
