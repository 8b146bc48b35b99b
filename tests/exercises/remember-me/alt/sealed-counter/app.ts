import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";
import { Devices } from "./devices.ts";
import { Seal, type Ticket } from "./seal.ts";

declare module "express-session" {
  interface SessionData {
    member: { name: string; epoch: string };
    language: string;
  }
}

export function createApp(context: Context): Express {
  const { redis, secret, settings, verifyPassword } = context;
  const devices = new Devices(context);
  const seal = new Seal(secret);
  const app = express();

  app.use(express.json());
  app.use(
    session({
      name: "sid",
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: settings.sessionSeconds }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );

  app.put("/language", (req, res) => {
    req.session.language = String(req.body?.language);
    res.status(204).end();
  });

  app.post("/login", async (req, res) => {
    const { name, password, remember } = req.body ?? {};
    if (!(await verifyPassword(name, password))) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    const epoch = await devices.epoch(name);
    if (remember === true) send(res, { name, device: await devices.add(name), count: 0 });
    else res.clearCookie("remember");
    await beginSession(req, { name, epoch });
    res.json({ name });
  });

  app.get("/me", async (req, res) => {
    const name = await identify(req, res);
    if (name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name });
  });

  app.post("/logout", async (req, res) => {
    const ticket = readTicket(req);
    if (ticket !== undefined) await devices.remove(ticket.name, ticket.device);
    await leave(req, res);
  });

  app.post("/logout-everywhere", async (req, res) => {
    const name = await identify(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    await devices.removeAll(name);
    await leave(req, res);
  });

  return app;

  async function identify(req: Request, res: Response): Promise<string | undefined> {
    const { member } = req.session;
    if (member !== undefined && (await devices.isEpoch(member.name, member.epoch))) {
      return member.name;
    }
    const ticket = readTicket(req);
    if (ticket === undefined || ticket.until <= Date.now()) return undefined;
    const { name, device, count } = ticket;
    const verdict = await devices.use(name, device, count);
    if (verdict === "copied") await devices.removeAll(name);
    if (verdict === "copied" || verdict === "unknown") return undefined;
    if (verdict === "first") send(res, { name, device, count: count + 1 });
    await beginSession(req, { name, epoch: await devices.epoch(name) });
    return name;
  }

  function readTicket(req: Request): Ticket | undefined {
    const found = /(?:^|;\s*)remember=([^;]*)/.exec(req.headers.cookie ?? "");
    return seal.open(found?.[1]);
  }

  function send(res: Response, ticket: Omit<Ticket, "until">): void {
    const maxAge = settings.rememberSeconds * 1000;
    const token = seal.close({ ...ticket, until: Date.now() + maxAge });
    res.cookie("remember", token, { maxAge, httpOnly: true, sameSite: "strict" });
  }
}

async function beginSession(req: Request, member: { name: string; epoch: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
  req.session.member = member;
  await new Promise<void>((resolve, reject) => {
    req.session.save((error) => (error ? reject(error) : resolve()));
  });
}

async function leave(req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error) => (error ? reject(error) : resolve()));
  });
  res.clearCookie("sid").clearCookie("remember").status(204).end();
}
