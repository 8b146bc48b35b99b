import { createHmac, randomBytes } from "node:crypto";
import { RedisStore } from "connect-redis";
import express, { type Express, type Request, type Response } from "express";
import session from "express-session";
import { Redis, type Result } from "ioredis";
import type { Context as Shop } from "../../starter/context.ts";

declare module "express-session" {
  interface SessionData {
    shopper: { email: string; role: string };
  }
}

declare module "ioredis" {
  interface RedisCommander<Context> {
    /** `counts.view(visit, days, hll, minute; path, visitor, day, now, gap, gone at, active)` */
    view(...args: (string | number)[]): Result<number, Context>;
  }
}

const HALF_MINUTE_MS = 30_000;
const DAY_MS = 86_400_000;
const ID_LENGTH = 24;
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Another client; HyperLogLogs by day and by half minute; a hash for each visit that goes on. */
export async function createApp(context: Shop): Promise<Express> {
  const { redis, redisUrl, secret, settings, findProduct, findAccount } = context;
  const counts = await connect(redisUrl);
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
  const mac = (text: string) => createHmac("sha256", secret).update(text).digest("hex");

  function visitorOf(req: Request, res: Response): string {
    const cookie = /(?:^|;)\s*who=(\w+)/.exec(req.headers.cookie ?? "")?.[1] ?? "";
    const id = cookie.slice(0, ID_LENGTH);
    if (cookie === id + mac(`who ${id}`)) return mac(`known as ${id}`).slice(0, 20);
    const fresh = randomBytes(ID_LENGTH / 2).toString("hex");
    res.cookie("who", fresh + mac(`who ${fresh}`), {
      maxAge: 30 * DAY_MS,
      httpOnly: true,
      sameSite: "lax",
    });
    return "";
  }

  function count(path: string, visitor: string): void {
    const now = Date.now();
    const day = dayOf(now);
    counts
      .view(
        `visit:${visitor}`,
        `day:${day}`,
        `visitors:${day}`,
        `active:${Math.floor(now / HALF_MINUTE_MS)}`,
        path,
        visitor,
        day,
        now,
        settings.visitGapSeconds * 1000,
        Date.parse(day) + (settings.keepDays + 1) * DAY_MS,
        settings.activeSeconds * 1000 + 2 * HALF_MINUTE_MS,
      )
      .catch(() => console.error(`A view of ${path} was not counted.`));
  }

  app.get("/", (req, res) => {
    count("/", visitorOf(req, res));
    res.json({ page: "Kestrel Outdoor" });
  });
  app.get("/products/:id", async (req, res) => {
    const product = await findProduct(req.params.id);
    if (product === null) {
      res.status(404).json({ error: "no such product" });
      return;
    }
    count(`/products/${product.id}`, visitorOf(req, res));
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
    const { shopper } = req.session;
    if (shopper?.role !== "analyst") {
      const [status, error] = shopper ? [403, "not allowed"] : [401, "not signed in"];
      res.status(Number(status)).json({ error });
      return;
    }
    const now = Date.now();
    const day = String(req.query["day"] ?? dayOf(now));
    const [all, visitors, activeNow] = await Promise.all([
      counts.hgetall(`day:${day}`),
      counts.pfcount(`visitors:${day}`),
      counts.pfcount(...slotsSince(now - settings.activeSeconds * 1000, now)),
    ]);
    const { visits = "0", ms = "0", ...views } = all;
    const paths = Object.entries(views).map(([path, times]) => [path, Number(times)] as const);
    res.json({
      day,
      views: paths.reduce((sum, [, times]) => sum + times, 0),
      paths: Object.fromEntries(paths),
      visitors,
      activeNow,
      visits: Number(visits),
      averageVisitSeconds: Math.round(Number(ms) / 1000 / Math.max(1, Number(visits))),
    });
  });

  return app;
}

function slotsSince(from: number, to: number): string[] {
  const slots: string[] = [];
  for (let at = Math.floor(from / HALF_MINUTE_MS); at <= to / HALF_MINUTE_MS; at += 1) {
    slots.push(`active:${at}`);
  }
  return slots;
}

async function connect(url: string): Promise<Redis> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: 500,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(500, attempt * 50),
  });
  client.on("error", () => {});
  client.defineCommand("view", {
    numberOfKeys: 4,
    lua: `
      local visit, day, visitors, active = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
      local path, visitor, today, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
      local function add(key, field, by)
        redis.call("HINCRBY", key, field, by)
        redis.call("PEXPIREAT", key, ARGV[6])
      end
      add(day, path, 1)
      if visitor == "" then return 0 end
      redis.call("PFADD", visitors, visitor)
      redis.call("PEXPIREAT", visitors, ARGV[6])
      redis.call("PFADD", active, visitor)
      redis.call("PEXPIRE", active, ARGV[7])
      local before = redis.call("HMGET", visit, "day", "at")
      if before[1] then
        -- All of it counts for the day on which it began.
        add("day:" .. before[1], "ms", math.max(0, now - tonumber(before[2])))
      else
        add(day, "visits", 1)
      end
      redis.call("HSET", visit, "day", before[1] or today, "at", now)
      redis.call("PEXPIRE", visit, ARGV[5])
      return 1`,
  });
  await client.connect();
  return client;
}

async function regenerate(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.regenerate((error) => (error ? reject(error) : resolve()));
  });
}
