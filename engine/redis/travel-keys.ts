import type { RedisConnection } from "./resp/redis-connection.ts";

// The keys are collected before any is changed: SCAN may return one twice.
const SCRIPT = `
local shift, spared, all = tonumber(ARGV[1]), ARGV[2], ARGV[3] == 'all'
local function move()
  local cursor, keys = '0', {}
  repeat
    local page = redis.call('SCAN', cursor, 'COUNT', 1000)
    cursor = page[1]
    for _, key in ipairs(page[2]) do keys[key] = true end
  until cursor == '0'
  for key in pairs(keys) do
    local left = redis.call('PTTL', key)
    if key ~= spared and left >= 0 then
      if left <= shift then redis.call('DEL', key)
      else redis.call('PEXPIRE', key, string.format('%.0f', left - shift)) end
    end
  end
end
if all then
  for db in string.gmatch(redis.call('INFO', 'keyspace'), 'db(%d+):') do
    redis.call('SELECT', db)
    move()
  end
else move() end
return 'OK'`;

/**
 * Makes `ms` milliseconds pass for the keys of a server: every TTL shrinks by as much, and keys
 * whose time has come are gone. One script, so no client sees a part of it.
 */
export async function travelKeys(
  connection: RedisConnection,
  ms: number,
  options: { databases: "all" | "selected"; spare?: string },
): Promise<void> {
  await connection.command("EVAL", SCRIPT, "0", String(ms), options.spare ?? "", options.databases);
}
