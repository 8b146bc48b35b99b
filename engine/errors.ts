/**
 * Something that the person at the keyboard can mend: an unknown name, a port taken, a Redis
 * that refuses. `message` says what happened, with the value received; `hint` is the next
 * command to type. Every other error is a bug of ours and is shown as one.
 */
export class UserError extends Error {
  readonly hint: string | undefined;
  /** 1: what was asked for ran, and failed. 2: it could not be done. */
  readonly exitCode: 1 | 2;

  constructor(message: string, options: { hint?: string; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "UserError";
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 2;
  }
}
