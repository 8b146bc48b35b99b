import { randomBytes } from "node:crypto";
import type { Context } from "../../starter/context.ts";

export type Verdict = "first" | "again" | "copied" | "unknown";

/**
 * One hash for each account: the field `epoch`, which its sessions carry, and a field for each
 * remembered device with the number of its uses and the time of the last.
 */
export class Devices {
  readonly #context: Context;
  readonly #lifeSeconds: number;

  constructor(context: Context) {
    this.#context = context;
    this.#lifeSeconds = context.settings.rememberSeconds + context.settings.sessionSeconds;
  }

  async epoch(name: string): Promise<string> {
    const key = keyOf(name);
    const [, , epoch] = await this.#context.redis
      .multi()
      .hSetNX(key, "epoch", randomBytes(12).toString("hex"))
      .expire(key, this.#lifeSeconds)
      .hGet(key, "epoch")
      .exec();
    return String(epoch);
  }

  async isEpoch(name: string, epoch: string): Promise<boolean> {
    const key = keyOf(name);
    const [current] = await this.#context.redis
      .multi()
      .hGet(key, "epoch")
      .expire(key, this.#lifeSeconds)
      .exec();
    return String(current) === epoch;
  }

  /** After `epoch`, so that the hash has its expiry. */
  async add(name: string): Promise<string> {
    const device = randomBytes(16).toString("hex");
    await this.#context.redis.hSet(keyOf(name), device, "0");
    return device;
  }

  /** Raises the device's count if it is still `count`. */
  async use(name: string, device: string, count: number): Promise<Verdict> {
    const graceMs = this.#context.settings.graceSeconds * 1000;
    const reply = await this.#context.redis.eval(raise, {
      keys: [keyOf(name)],
      arguments: [device, String(count), String(Date.now()), String(graceMs)],
    });
    return String(reply) as Verdict;
  }

  async remove(name: string, device: string): Promise<void> {
    await this.#context.redis.hDel(keyOf(name), device);
  }

  async removeAll(name: string): Promise<void> {
    await this.#context.redis.unlink(keyOf(name));
  }
}

const raise = `
  local state = redis.call("HGET", KEYS[1], ARGV[1])
  if not state then return "unknown" end
  -- The count, and when the counts before it were replaced, the last one first.
  local count, replaced = string.match(state, "^(%d+)(.*)$")
  local given, nowMs, graceMs = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  local back, inGrace = 0, ""
  for ms in string.gmatch(replaced, "%d+") do
    back = back + 1
    if nowMs - tonumber(ms) < graceMs then
      if given == count - back then return "again" end
      inGrace = inGrace .. " " .. ms
    end
  end
  if given ~= tonumber(count) then return "copied" end
  redis.call("HSET", KEYS[1], ARGV[1], (given + 1) .. " " .. ARGV[3] .. inGrace)
  return "first"
`;

function keyOf(name: string): string {
  return `account:${name}`;
}
