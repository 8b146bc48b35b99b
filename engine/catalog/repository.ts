import path from "node:path";

/** Absolute path of this workbook. */
export const repository = path.resolve(import.meta.dirname, "../..");
