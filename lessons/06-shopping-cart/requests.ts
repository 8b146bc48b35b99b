// What a browser may send to the cart, and how the shop says no.
import * as v from "valibot";
import { catalogue } from "./shop.ts";

// #region schema
export const maxCopies = 10;
const quantity = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxCopies));

export const addition = v.strictObject({ id: v.picklist([...catalogue.keys()]), quantity });
export const change = v.strictObject({ quantity });
export const login = v.strictObject({ name: v.picklist(["ada", "ben", "carol"]) });
// #endregion

/** What is said to somebody who wants more than that. */
export const tooMany = `at most ${maxCopies} copies of a book`;

// #region explain
/** One sentence for each mistake, the field first. */
export function explain(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}
// #endregion
