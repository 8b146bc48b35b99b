// Who may log in. Passwords are kept as scrypt hashes, as a database would keep them.
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

const accounts = new Map([
  ["ada", await hash("lovelace-1815")],
  ["ben", await hash("franklin-1706")],
]);
// Unknown names take as long as known ones.
const nobody = await hash(randomBytes(16).toString("hex"));

/** The name of the account if the password is right, else undefined. */
export async function checkPassword(name: unknown, password: unknown): Promise<string | undefined> {
  if (typeof name !== "string" || typeof password !== "string") return undefined;
  const account = accounts.get(name) ?? nobody;
  const key = await derive(password, account.salt, 32);
  return timingSafeEqual(key, account.key) && account !== nobody ? name : undefined;
}

async function hash(password: string): Promise<{ salt: Buffer; key: Buffer }> {
  const salt = randomBytes(16);
  return { salt, key: await derive(password, salt, 32) };
}
