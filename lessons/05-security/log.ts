// The same request in two logs: a careless one and a careful one.
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { buildShop, client } from "./shop.ts";

// #region loggers
const careless: RequestHandler = (req, _res, next) => {
  console.log(`careless: ${req.method} ${req.originalUrl} ${JSON.stringify(req.headers.cookie)}`);
  next();
};

const careful: RequestHandler = (req, _res, next) => {
  const [, cookie = ""] = /connect\.sid=([^;]+)/.exec(req.headers.cookie ?? "") ?? [];
  const session = createHash("sha256").update(cookie).digest("hex");
  console.log(`careful: ${req.method} ${req.originalUrl} session ${session.slice(0, 12)}`);
  next();
};
// #endregion

const app = express();
app.use("/account", careless, careful);
app.use(buildShop({ cookie: { httpOnly: true, sameSite: "lax" } }));
const server = app.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

const login = await fetch(`http://127.0.0.1:${port}/login`, {
  method: "POST",
  headers: { "Content-Type": "application/json", "User-Agent": "Tablet" },
  body: JSON.stringify({ name: "ada", password: "lovelace-1815" }),
});
const [cookie = ""] = (login.headers.get("Set-Cookie") ?? "").split(";");
await fetch(`http://127.0.0.1:${port}/account`, { headers: { Cookie: cookie } });

server.closeAllConnections();
server.close();
await client.close();
