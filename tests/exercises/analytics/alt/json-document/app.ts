import { createHmac, randomUUID } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import type { Context } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

/** All that is known of a day, as JSON under one key. */
interface Day {
  readonly paths: Readonly<Record<string, number>>;
  /** When each visitor of the day was seen last, in milliseconds. */
  readonly seen: Readonly<Record<string, number>>;
  readonly visits: number;
  readonly ms: number;
}

const DAY_MS = 86_400_000;
const nothing: Day = { paths: {}, seen: {}, visits: 0, ms: 0 };

/** One document for each day, changed by a script: slow with many visitors, and easy to read. */
export function createApp(context: Context): Express {
  const { redis, secret, settings, findProduct, findAccount } = context;
  const app = express();
  app.use(express.json());
  app.use(
    ["/login", "/logout", "/admin"],
    session({
      store: new RedisStore({ client: redis, prefix: "sess:", ttl: 3600 }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: "lax" },
    }),
  );
  const sign = (text: string) => createHmac("sha256", secret).update(text).digest("hex");

  function visitorOf(req: Request, res: Response): string {
    const jar = new URLSearchParams((req.headers.cookie ?? "").replaceAll(/;\s*/g, "&"));
    const [id = "", signature] = (jar.get("guest") ?? "").split("|");
    if (signature === sign(`guest ${id}`)) return sign(`seen ${id}`).slice(0, 12);
    const created = randomUUID();
    res.cookie("guest", `${created}|${sign(`guest ${created}`)}`, {
      maxAge: 7 * DAY_MS,
      httpOnly: true,
      sameSite: "strict",
    });
    return "";
  }

  function count(req: Request, res: Response, path: string): void {
    const { visitGapSeconds, keepDays } = settings;
    redis
      .eval(script, {
        // One after the other in Redis's own time: no two instances have to agree on a clock.
        arguments: [path, visitorOf(req, res), String(visitGapSeconds * 1000), String(keepDays)],
      })
      .catch((error: unknown) => console.error("not counted", error));
  }

  async function read(day: number): Promise<Day> {
    const text = await redis.get(`day:${day}`);
    return text === null ? nothing : (JSON.parse(text) as Day);
  }

  app.get("/", (req, res) => {
    count(req, res, "/");
    res.json({ page: "Kestrel Outdoor" });
  });
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) {
      res.status(404).json({ error: "no such product" });
      return;
    }
    count(req, res, `/products/${product.id}`);
    res.json(product);
  });

  app.post("/login", async (req, res) => {
    const account = await findAccount(String(req.body?.email), String(req.body?.password));
    if (account === null) {
      res.status(401).json({ error: "wrong e-mail or password" });
      return;
    }
    await regenerate(req);
    req.session.shopper = { email: account.email, role: account.role };
    res.json({ role: account.role });
  });
  app.post("/logout", async (req, res) => {
    await regenerate(req);
    res.status(204).end();
  });

  app.get("/admin/report", async (req, res) => {
    switch (req.session.shopper?.role) {
      case undefined:
        res.status(401).json({ error: "not signed in" });
        return;
      case "analyst":
        break;
      default:
        res.status(403).json({ error: "not allowed" });
        return;
    }
    const now = Date.now();
    const asked = typeof req.query["day"] === "string" ? Date.parse(req.query["day"]) : now;
    const number = Math.floor(asked / DAY_MS);
    const day = await read(number);
    // Who was here a moment ago was seen today or, just after midnight, yesterday.
    const today = Math.floor(now / DAY_MS);
    const [early, late] = [await read(today - 1), await read(today)];
    const last = Object.values({ ...early.seen, ...late.seen });
    const { paths, visits } = day;
    res.json({
      day: new Date(number * DAY_MS).toISOString().slice(0, 10),
      views: Object.values(paths).reduce((sum, views) => sum + views, 0),
      paths,
      visitors: Object.keys(day.seen).length,
      activeNow: last.filter((ms) => now - ms <= settings.activeSeconds * 1000).length,
      visits,
      averageVisitSeconds: visits === 0 ? 0 : Math.round(day.ms / 1000 / visits),
    });
  });

  return app;
}

const script = `
  local path, visitor = ARGV[1], ARGV[2]
  local gap, keep = tonumber(ARGV[3]), tonumber(ARGV[4])
  local time = redis.call("TIME")
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local today = math.floor(now / 86400000)
  local function read(number)
    local text = redis.call("GET", "day:" .. number)
    return text and cjson.decode(text) or { paths = {}, seen = {}, visits = 0, ms = 0 }
  end

  local day = read(today)
  day.paths[path] = (day.paths[path] or 0) + 1
  if visitor ~= "" then
    local last = day.seen[visitor] or read(today - 1).seen[visitor]
    if last and now - last <= gap then
      day.ms = day.ms + math.max(0, now - last)
    else
      day.visits = day.visits + 1
    end
    day.seen[visitor] = now
  end
  local gone = (today + keep + 1) * 86400000
  redis.call("SET", "day:" .. today, cjson.encode(day), "PX", gone - now)
  return "counted"`;

async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
