import type { ResolvedCommand } from "./table.ts";

/** What a client has queued since MULTI. */
export class Transaction {
  readonly queue: { command: ResolvedCommand; args: readonly Buffer[] }[] = [];
  /** A command was refused while it was being queued: EXEC answers EXECABORT. */
  broken = false;
}
