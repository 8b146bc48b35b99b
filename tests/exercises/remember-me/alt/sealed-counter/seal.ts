import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** What a token says. Only this program can write or read it. */
export interface Ticket {
  readonly name: string;
  readonly device: string;
  /** How often the device has come back before this ticket was written. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const CIPHER = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts tickets and decrypts them; what was changed is no ticket. */
export class Seal {
  readonly #key: Uint8Array;

  constructor(secret: string) {
    this.#key = new Uint8Array(hkdfSync("sha256", secret, "", "remember-me tickets", 32));
  }

  close(ticket: Ticket): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv);
    const text = Buffer.concat([cipher.update(JSON.stringify(ticket)), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url");
  }

  open(token: string | undefined): Ticket | undefined {
    const bytes = Buffer.from(token ?? "", "base64url");
    // The decoder skips what it does not know: only one spelling is a token.
    if (bytes.toString("base64url") !== token) return undefined;
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, IV_BYTES));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const text = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      return JSON.parse(Buffer.concat([text, decipher.final()]).toString()) as Ticket;
    } catch {
      return undefined;
    }
  }
}
