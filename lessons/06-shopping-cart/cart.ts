// Where a cart lies in Redis, and what is in it.
import { randomUUID } from "node:crypto";
import type { SessionData } from "express-session";
import { catalogue, client } from "./shop.ts";

const dayInSeconds = 24 * 60 * 60;

// #region place
/** The key of a cart, and how long it stays after its last change. */
export interface CartPlace {
  readonly key: string;
  readonly seconds: number;
}

/** The cart of somebody who has logged in: on all devices the same. */
export function userCart(user: string): CartPlace {
  return { key: `cart:user:${user}`, seconds: 30 * dayInSeconds };
}

/** The cart of a guest: one for each session. */
export function guestCart(id: string): CartPlace {
  return { key: `cart:guest:${id}`, seconds: dayInSeconds };
}
// #endregion

// #region open
/** The visitor's cart; a guest who has none gets one. */
export function openCart(session: Partial<SessionData>): CartPlace {
  if (session.user !== undefined) return userCart(session.user);
  session.cartId ??= randomUUID();
  return guestCart(session.cartId);
}
// #endregion

/** The visitor's cart; undefined for a guest who has none. */
export function findCart({ user, cartId }: Partial<SessionData>): CartPlace | undefined {
  if (user !== undefined) return userCart(user);
  return cartId === undefined ? undefined : guestCart(cartId);
}

// #region read
/** What is in the cart, in the order of the catalogue and at its prices. */
export async function readCart(place: CartPlace | undefined) {
  const quantities = place === undefined ? {} : await client.hGetAll(place.key);
  const lines = [...catalogue].flatMap(([id, { title, cents }]) => {
    const quantity = Number(quantities[id] ?? 0);
    return quantity === 0 ? [] : [{ id, title, cents, quantity }];
  });
  const total = lines.reduce((sum, { cents, quantity }) => sum + cents * quantity, 0);
  return { lines, total };
}
// #endregion
