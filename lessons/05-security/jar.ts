// Ada's browser, as far as cookies go: tough-cookie keeps and sends cookies by the rules of RFC 6265bis.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { CookieJar } from "tough-cookie";
import { buildShop, type ShopOptions } from "./shop.ts";

/** The two ways of the shop that are compared. */
export const shops: Readonly<Record<string, ShopOptions>> = {
  bare: { cookie: { httpOnly: false } },
  safe: { cookie: { httpOnly: true, sameSite: "lax", secure: true }, proxies: 1 },
};

/** A shop in which Ada has logged in, and the cookies that she got; in the end she logs out. */
export interface Visit extends AsyncDisposable {
  readonly port: number;
  readonly jar: CookieJar;
}

/** Opens a shop on a free port; Ada logs in through a proxy that speaks https. */
export async function logIn(options: ShopOptions): Promise<Visit> {
  const server = buildShop(options).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-Proto": "https" },
    body: JSON.stringify({ name: "ada", password: "lovelace-1815" }),
  });
  const jar = new CookieJar();
  for (const line of answer.headers.getSetCookie()) {
    await jar.setCookie(line, "https://shop.example/");
  }
  return {
    port,
    jar,
    async [Symbol.asyncDispose]() {
      const cookie = await jar.getCookieString("https://shop.example/");
      await fetch(`http://127.0.0.1:${port}/logout`, {
        method: "POST",
        headers: { Cookie: cookie },
      });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
