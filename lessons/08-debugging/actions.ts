// What the lesson does beside requests:
//   act monitor add-book.ts              runs a program, and prints what MONITOR shows meanwhile
//   act carts <name> <port>              300 visitors of a shop put a book into a cart each
//   act forget                           their carts go again
//   act ask <ms> <cookie> name=port …    asks several shops at once, for so long, who is logged in
//   act fill                             fills Redis beyond its limit, under several eviction policies

const [action = "", first = "", second = "", ...rest] = process.argv.slice(2);

switch (action) {
  case "monitor":
    await (await import("./actions/run-with-monitor.ts")).runWithMonitor(first);
    break;
  case "carts":
    await (await import("./actions/fill-carts.ts")).fillCarts(first, second);
    break;
  case "forget":
    await (await import("./actions/fill-carts.ts")).forgetCarts();
    break;
  case "ask":
    await (await import("./actions/ask-shops.ts")).askShops(Number(first), second, rest);
    break;
  case "fill":
    await (await import("./actions/fill-memory.ts")).fillMemory();
    break;
  default:
    throw new Error(`unknown action ${action}`);
}
