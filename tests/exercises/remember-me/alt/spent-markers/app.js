import { createHash, randomBytes } from "node:crypto";
import express from "express";

/** Makes and ends sessions and tokens: texts and sets, no script, no express-session. */
class Memory {
  constructor({ redis, settings }) {
    this.redis = redis;
    this.settings = settings;
    this.longestSeconds = settings.rememberSeconds + settings.sessionSeconds;
  }

  async openSession(fields) {
    const id = makeSecret();
    const key = `session:${sha256(id)}`;
    // Noted first: a session that the account does not know of could not be ended.
    if (fields.name !== undefined) await this.#note(fields.name, key);
    await this.redis.set(key, JSON.stringify(fields), this.#life(this.settings.sessionSeconds));
    return id;
  }

  async readSession(id) {
    if (id === undefined) return {};
    const text = await this.redis.getEx(
      `session:${sha256(id)}`,
      this.#life(this.settings.sessionSeconds).expiration,
    );
    if (text === null) return {};
    const fields = JSON.parse(text);
    // What belongs to the account is known as long as any of it is in use.
    if (fields.name !== undefined)
      await this.redis.expire(`all:${fields.name}`, this.longestSeconds);
    return fields;
  }

  async endSession(id) {
    if (id !== undefined) await this.redis.unlink(`session:${sha256(id)}`);
  }

  async remember(name) {
    const family = makeSecret();
    await this.#note(name, `family:${family}`);
    await this.redis.set(`family:${family}`, name, this.#life(this.settings.rememberSeconds));
    return await this.#giveToken(name, family);
  }

  /** `{ name, next }`, both undefined for a stranger; `next` only for the one who replaces. */
  async use(token) {
    const { name, family } = await this.#find(token);
    if (name === undefined) return {};
    const spent = `spent:${sha256(token)}`;
    const { rememberSeconds, graceSeconds } = this.settings;
    const first = { condition: "NX", ...this.#life(rememberSeconds) };
    if ((await this.redis.set(spent, String(Date.now()), first)) !== null) {
      await this.redis.expire(`family:${family}`, rememberSeconds);
      return { name, next: await this.#giveToken(name, family) };
    }
    const spentMs = Date.now() - Number(await this.redis.get(spent));
    if (spentMs < graceSeconds * 1000) return { name };
    await this.endAll(name);
    return {};
  }

  async forget(token) {
    const { family } = await this.#find(token);
    if (family !== undefined) await this.redis.unlink(`family:${family}`);
  }

  async endAll(name) {
    const keys = await this.redis.sMembers(`all:${name}`);
    for (const key of keys) await this.redis.unlink(key);
  }

  async #giveToken(name, family) {
    const token = makeSecret();
    const text = JSON.stringify({ name, family });
    await this.redis.set(`token:${sha256(token)}`, text, this.#life(this.settings.rememberSeconds));
    return token;
  }

  async #find(token) {
    if (token === undefined) return {};
    const text = await this.redis.get(`token:${sha256(token)}`);
    if (text === null) return {};
    const { name, family } = JSON.parse(text);
    const isAlive = (await this.redis.exists(`family:${family}`)) === 1;
    return isAlive ? { name, family } : {};
  }

  async #note(name, key) {
    const all = `all:${name}`;
    await this.redis.multi().sAdd(all, key).expire(all, this.longestSeconds).exec();
  }

  #life(seconds) {
    return { expiration: { type: "EX", value: seconds } };
  }
}

export function createApp(context) {
  const { settings, verifyPassword } = context;
  const memory = new Memory(context);
  const app = express();
  const lax = { httpOnly: true, sameSite: "lax" };
  app.use(express.json());

  app.use(async (req, _res, next) => {
    req.cookies = Object.fromEntries(
      (req.headers.cookie ?? "")
        .split(/; */)
        .map((pair) => pair.split("="))
        .map(([name, ...value]) => [name, value.join("=")]),
    );
    req.session = await memory.readSession(req.cookies.sid);
    next();
  });

  const open = async (req, res, fields) => {
    await memory.endSession(req.cookies.sid);
    res.cookie("sid", await memory.openSession(fields), lax);
  };
  const sendToken = (res, token) =>
    res.cookie("remember", token, { ...lax, maxAge: settings.rememberSeconds * 1000 });
  const whoIsIt = async (req, res) => {
    if (req.session.name !== undefined) return req.session.name;
    const { name, next } = await memory.use(req.cookies.remember);
    if (next !== undefined) sendToken(res, next);
    if (name !== undefined) await open(req, res, { name });
    return name;
  };
  const leave = async (req, res) => {
    await memory.forget(req.cookies.remember);
    await memory.endSession(req.cookies.sid);
    res.clearCookie("sid").clearCookie("remember").status(204).end();
  };

  app.put("/language", async (req, res) => {
    await open(req, res, { ...req.session, language: String(req.body?.language) });
    res.status(204).end();
  });

  app.post("/login", async (req, res) => {
    const { name, password, remember } = req.body ?? {};
    if (!(await verifyPassword(name, password))) {
      res.status(401).json({ error: "wrong name or password" });
      return;
    }
    await open(req, res, { name });
    if (remember === true) sendToken(res, await memory.remember(name));
    else res.clearCookie("remember");
    res.json({ name });
  });

  app.get("/me", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) res.status(401).json({ error: "not signed in" });
    else res.json({ name });
  });

  app.post("/logout", leave);

  app.post("/logout-everywhere", async (req, res) => {
    const name = await whoIsIt(req, res);
    if (name === undefined) {
      res.status(401).json({ error: "not signed in" });
      return;
    }
    await memory.endAll(name);
    await leave(req, res);
  });

  return app;
}

function makeSecret() {
  return randomBytes(24).toString("hex");
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
