/** From the worker to whoever started it. */
export type WorkerMessage =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "advanced"; readonly id: number };

/** To the worker: move the clock. */
export interface WorkerRequest {
  readonly id: number;
  readonly ms: number;
}
