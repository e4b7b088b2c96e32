import type { MetricsSnapshot } from '../kernel/metrics.js';

/** A message of one web process to all others, which the primary forwards. */
export interface Broadcast {
  readonly kind: 'broadcast';
  readonly topic: string;
  readonly message: unknown;
}

/** Messages from a web process to the primary. */
export type FromWebProcess =
  | { readonly kind: 'listening'; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'measured'; readonly request: number; readonly measured: MetricsSnapshot }
  | Broadcast;

/** Messages from the primary to a web process. */
export type ToWebProcess = { readonly kind: 'measure'; readonly request: number } | Broadcast;
