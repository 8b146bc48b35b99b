// A serializer that compresses, for the option `serializer` of connect-redis.
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { SessionData } from "express-session";

// #region packing
export const packing = {
  stringify: (session: SessionData): string =>
    deflateRawSync(JSON.stringify(session)).toString("base64"),

  parse: (text: string): SessionData => {
    // Sessions from before the change are still plain: JSON begins with a brace, base64 never does.
    if (text.startsWith("{")) return JSON.parse(text);
    return JSON.parse(inflateRawSync(Buffer.from(text, "base64")).toString());
  },
};
// #endregion
