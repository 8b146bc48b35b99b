import type { Mutation } from "../mutation.ts";

/** Each makes `npm run lesson 6` end with an expectation that does not hold. */
export const mutations: readonly Mutation[] = [
  {
    name: "the first cart writes also when somebody only looks",
    file: "shop.ts",
    find: "resave: false",
    replace: "resave: true",
  },
  {
    name: "the first cart takes the price from the catalogue",
    file: "blob.ts",
    find: "cart.push({ id, title, cents, quantity })",
    replace: "cart.push({ id, title, cents: 4500, quantity })",
  },
  {
    name: "the counted cart reads, adds and writes back",
    file: "counted.ts",
    find: "const { id, quantity } = req.body;\n  const { key, seconds } = openCart(req.session);\n  const transaction = client.multi().hIncrBy(key, id, quantity)",
    replace:
      "const { id, quantity } = req.body;\n  const { key, seconds } = openCart(req.session);\n  const sum = Number(await client.hGet(key, id)) + quantity;\n  const transaction = client.multi().hSet(key, id, sum)",
  },
  {
    name: "each request opens a cart of its own",
    file: "cart.ts",
    find: "session.cartId ??= randomUUID()",
    replace: "session.cartId = randomUUID()",
  },
  {
    name: "half books are sold",
    file: "requests.ts",
    find: "v.integer(), ",
    replace: "",
  },
  {
    name: "quantities have no lower bound",
    file: "requests.ts",
    find: "v.minValue(1), ",
    replace: "",
  },
  {
    name: "a price in the body is passed over in silence",
    file: "requests.ts",
    find: "addition = v.strictObject(",
    replace: "addition = v.object(",
  },
  {
    name: "a cart that was changed never expires",
    file: "app.ts",
    find: "await client.multi().hSet(key, id, quantity).expire(key, seconds).exec();",
    replace: "await client.hSet(key, id, quantity);",
  },
  {
    name: "taking out a book leaves it there",
    file: "app.ts",
    find: ".hDel(cart.key, req.params.id)",
    replace: ".hGet(cart.key, req.params.id)",
  },
  {
    name: "taking out a book is no change of the cart",
    file: "app.ts",
    find: "await client.multi().hDel(cart.key, req.params.id).expire(cart.key, cart.seconds).exec();",
    replace: "await client.hDel(cart.key, req.params.id);",
  },
  {
    name: "twenty copies are fine",
    file: "scripts.ts",
    find: "> tonumber(ARGV[3]) then",
    replace: "> 2 * tonumber(ARGV[3]) then",
  },
  {
    name: "the merge knows no limit",
    file: "scripts.ts",
    find: "math.min(own + tonumber(guest[i + 1]), tonumber(ARGV[1]))",
    replace: "own + tonumber(guest[i + 1])",
  },
  {
    name: "the merge keeps the guest's cart, so a second login adds it again",
    file: "scripts.ts",
    find: '  redis.call("DEL", KEYS[1])\n',
    replace: "",
  },
  {
    name: "the login keeps the session ID of the guest",
    file: "app.ts",
    find: "  await renewSession(req);\n  req.session.user = name;",
    replace: "  req.session.user = name;",
  },
  {
    name: "the cart of a user goes with the session",
    file: "cart.ts",
    find: "seconds: 30 * dayInSeconds",
    replace: "seconds: 30 * 60",
  },
  {
    name: "the redirect comes before the saving, in both routes",
    file: "redirect.ts",
    find: '  req.session.save((error) => {\n    if (error) return next(error);\n    res.redirect(303, "/notice");\n  });',
    replace: '  void next;\n  res.redirect(303, "/notice");',
  },
  {
    name: "the redirect comes after the saving, in both routes",
    file: "redirect.ts",
    find: 'cart.";\n  res.redirect(303, "/notice");',
    replace: 'cart.";\n  req.session.save(() => res.redirect(303, "/notice"));',
  },
];
