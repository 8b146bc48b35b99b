import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 10` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the signature is not checked",
    file: "express_session.py",
    find: "return sid if hmac.compare_digest(signature.encode(), expected.encode()) else None",
    replace: "return sid",
  },
  {
    name: "the signature is made by another checksum",
    file: "express_session.py",
    find: "hashlib.sha256",
    replace: "hashlib.sha1",
  },
  {
    name: "reading prolongs the session",
    file: "express_session.py",
    find: 'text = redis.get(f"sess:{sid}") if sid is not None else None',
    replace: 'text = redis.getex(f"sess:{sid}", ex=1800) if sid is not None else None',
  },
  {
    name: "the sessions are remembered in the process",
    file: "express_session.py",
    find: 'text = redis.get(f"sess:{sid}") if sid is not None else None',
    replace:
      'globals().setdefault("seen", {}); text = seen.setdefault(sid, redis.get(f"sess:{sid}")) if sid is not None else None',
  },
  {
    name: "the basket is read and written",
    file: "readings.py",
    find: "redis.hincrby(key, book, 1)",
    replace: "redis.hset(key, book, int(redis.hget(key, book) or 0) + 1)",
  },
  {
    name: "Flask writes only what has changed",
    file: "flask_shop.py",
    find: 'SESSION_TYPE="redis",',
    replace: 'SESSION_TYPE="redis", SESSION_REFRESH_EACH_REQUEST=False,',
  },
  {
    name: "Flask writes JSON",
    file: "flask_shop.py",
    find: 'SESSION_TYPE="redis",',
    replace: 'SESSION_TYPE="redis", SESSION_SERIALIZATION_FORMAT="json",',
  },
  {
    name: "the shared blob has another prefix",
    file: "same_blob.py",
    find: 'SESSION_KEY_PREFIX="sess:",',
    replace: "",
  },
  {
    name: "the shop has another prefix",
    file: "shop.ts",
    find: "new RedisStore({ client })",
    replace: 'new RedisStore({ client, prefix: "shop:" })',
  },
  {
    name: "the old configuration has no signer",
    file: "old/signer.py",
    find: 'app.config["SESSION_USE_SIGNER"] = True',
    replace: 'app.config["SESSION_USE_SIGNER"] = False',
  },
];
