/** No usable answer came. */
export class RequestFailure extends Error {
  readonly reason: "refused" | "reset" | "deadline" | "malformed";

  constructor(message: string, reason: "refused" | "reset" | "deadline" | "malformed") {
    super(message);
    this.name = "RequestFailure";
    this.reason = reason;
  }
}
