import type { Channel } from '../payments.events.js';

/** An order, with which the candidate is sent to the platform. It can be presented several times until its end. */
export interface Order {
  /** 16 digits: the bill's number and the attempt's. */
  readonly order: string;
  readonly fen: number;
  /** A short description, without personal data. */
  readonly title: string;
  /** Instants in UTC. */
  readonly begunAt: string;
  readonly endsAt: string;
}

/** A payment at the platform. */
export interface Payment {
  readonly order: string;
  /** The platform's number of the payment, 8 to 64 letters and digits; an order that was paid twice has two. */
  readonly transaction: string;
  readonly fen: number;
  readonly channel: Channel;
  /** Instant in UTC. */
  readonly paidAt: string;
}

/**
 * The platform's status of an order. `unknown`: not presented yet, which is possible until it ends; `open`: it can still be paid;
 * `closed`: it was not paid and cannot be any more; `paid`: by all of `payments`.
 */
export interface OrderStatus {
  readonly state: 'unknown' | 'open' | 'closed' | 'paid';
  readonly payments: readonly Payment[];
}

export interface Refund {
  readonly transaction: string;
  readonly order: string;
  readonly fen: number;
}

export type RefundStatus =
  | { readonly state: 'processing' }
  | { readonly state: 'done'; readonly refundedAt: string }
  | { readonly state: 'refused'; readonly why: string };

/** A notification that the platform sends. */
export type Notification = { readonly kind: 'paid'; readonly payment: Payment } | { readonly kind: 'closed'; readonly order: string };

/** A notification as it came in: header names in lower case, the body's bytes. */
export interface RawNotification {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

export const FORGERIES = ['malformed', 'signature', 'time', 'merchant'] as const;

/** A notification that is malformed, has a bad signature, is too old, or is for another merchant. */
export class ForgedNotification extends Error {
  override readonly name = 'ForgedNotification';
  constructor(readonly reason: (typeof FORGERIES)[number]) {
    super(`a notification was refused: ${reason}`);
  }
}

/** The platform does not answer, or not by the protocol: nothing is known, retry later. */
export class PlatformUnavailable extends Error {
  override readonly name = 'PlatformUnavailable';
}

/** The city's public payment platform 北京市公共支付平台, as far as the centre needs it. */
export abstract class PaymentPlatform {
  /** The origin of all addresses of `create`. Undefined where no platform is configured: nothing can be paid here. */
  abstract readonly origin: string | undefined;

  /** The address at which the candidate pays the signed order. The platform redirects back to `returnTo`. */
  abstract create(order: Order, returnTo: string): string;

  /** @throws PlatformUnavailable */
  abstract query(order: string): Promise<OrderStatus>;

  /** Asks for the refund of a whole payment; a repeated call answers its status. @throws PlatformUnavailable */
  abstract refund(refund: Refund): Promise<RefundStatus>;

  /**
   * Checks the signature over the bytes, the time and the merchant, and reads it.
   * @throws ForgedNotification
   */
  abstract verify(notification: RawNotification, now: Date): Notification;
}
