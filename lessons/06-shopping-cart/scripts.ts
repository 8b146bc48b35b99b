// What Redis does in one go.

// #region add
/**
 * Keys: the cart. Arguments: book, copies, at most, seconds.
 * Answers the copies that are in the cart then, or -1.
 */
export const addScript = `
  local before = tonumber(redis.call("HGET", KEYS[1], ARGV[1]) or 0)
  if before + tonumber(ARGV[2]) > tonumber(ARGV[3]) then return -1 end
  local inCart = redis.call("HINCRBY", KEYS[1], ARGV[1], ARGV[2])
  redis.call("EXPIRE", KEYS[1], ARGV[4])
  return inCart
`;
// #endregion

// #region merge
/** Keys: the guest's cart, the user's. Arguments: at most, seconds. */
export const mergeScript = `
  local guest = redis.call("HGETALL", KEYS[1])
  for i = 1, #guest, 2 do
    local own = tonumber(redis.call("HGET", KEYS[2], guest[i]) or 0)
    local sum = math.min(own + tonumber(guest[i + 1]), tonumber(ARGV[1]))
    redis.call("HSET", KEYS[2], guest[i], sum)
  end
  redis.call("DEL", KEYS[1])
  redis.call("EXPIRE", KEYS[2], ARGV[2])
`;
// #endregion
