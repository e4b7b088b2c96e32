import type { Measured } from '../kernel/metrics.js';

/** What one web process has to say to the others; the primary hands it on. */
export interface Told {
  readonly kind: 'told';
  readonly topic: string;
  readonly word: unknown;
}

/** What a web process says to the primary: where it listens, why it cannot, what it has measured when it is asked to. */
export type FromWebProcess =
  | { readonly kind: 'listening'; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'measured'; readonly request: number; readonly measured: Measured }
  | Told;

/** What the primary says to a web process. */
export type ToWebProcess = { readonly kind: 'measure'; readonly request: number } | Told;
