// Ada types the name of the shop without https. Somebody in the same network reads along.
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { logIn, shops } from "./jar.ts";
import { client } from "./shop.ts";

for (const [name, options] of Object.entries(shops)) {
  await using visit = await logIn(options);
  // #region listen
  const heard: string[] = [];
  const network = createServer((browser) => {
    const shop = connect(visit.port, "127.0.0.1");
    browser.on("data", (bytes) => heard.push(...bytes.toString("latin1").split("\r\n")));
    browser.pipe(shop).pipe(browser);
  });
  // #endregion
  network.listen(0, "127.0.0.1");
  await once(network, "listening");
  const { port } = network.address() as AddressInfo;
  const cookie = await visit.jar.getCookieString("http://shop.example/account");
  await get(port, cookie);
  await new Promise((resolve) => network.close(resolve));
  console.log(`${name}: ${heard.find((line) => line.startsWith("Cookie:")) ?? "no cookie"}`);
}
await client.close();

async function get(port: number, cookie: string): Promise<void> {
  const headers = { Connection: "close", ...(cookie === "" ? {} : { Cookie: cookie }) };
  const sent = request({ port, host: "127.0.0.1", path: "/account", headers }).end();
  const [answer] = await once(sent, "response");
  answer.resume();
  await once(answer, "close");
}
