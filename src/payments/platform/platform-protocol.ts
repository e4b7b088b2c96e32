import { z } from 'zod';
import type { Channel } from '../payments.events.js';

/** The messages between the centre and the payment platform, as docs/payment-platform.md describes them. */

export const PAY = '/pay';
export const QUERY = '/orders/query';
export const REFUNDS = '/refunds';

export const MERCHANT_HEADER = 'payment-merchant';
export const KEY_HEADER = 'payment-key';
/** Milliseconds since 1970. */
export const TIME_HEADER = 'payment-time';
/** Never used twice. */
export const NONCE_HEADER = 'payment-nonce';
export const SIGNATURE_HEADER = 'payment-signature';

/** Milliseconds by which a signed time may differ from the receiver's clock. */
export const LONGEST_AGO = 300_000;

/** In bytes. */
export const LARGEST_BODY = 16 * 1024;
export const LARGEST_ANSWER = 64 * 1024;

export const channels = ['alipay', 'wechat', 'unionpay', 'bjt'] as const satisfies readonly Channel[];

const order = z.string().regex(/^\d{16}$/);
/** Also the rule for PAYMENT_MERCHANT. */
export const merchantNumber = z.string().regex(/^[\w-]{1,32}$/);
const transaction = z.string().regex(/^[A-Za-z\d]{8,64}$/);
const MAX_FEN = 1_000_000_000;
const fen = z.int().positive().max(MAX_FEN);
/** In UTC; converted to this system's format, with milliseconds. */
const instant = z.iso.datetime().transform((text) => new Date(text).toISOString());
const words = z.string().max(200);
/** Of one order: more than anybody pays by mistake. */
const MAX_PAYMENTS = 50;

/** The headers of all signed messages. */
export const signedHeaders = z.object({
  [KEY_HEADER]: z.string().regex(/^[\da-f]{16}$/),
  [TIME_HEADER]: z.string().regex(/^\d{13}$/),
  [NONCE_HEADER]: z.string().regex(/^[\w-]{16,64}$/),
  [SIGNATURE_HEADER]: z.base64().min(300).max(1_500),
});

/** An answer has no time or nonce of its own: its signature is over the request's nonce. */
export const answerHeaders = signedHeaders.pick({ [KEY_HEADER]: true, [SIGNATURE_HEADER]: true });

/** The fields of the address at which the candidate pays, without `signature`. */
export const orderFields = z.object({
  merchant: merchantNumber,
  order,
  fen: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .refine((text) => Number(text) <= MAX_FEN),
  title: z.string().min(1).max(64),
  begun: instant,
  ends: instant,
  return: z.url({ protocol: /^https?$/ }).max(1_024),
  key: z.string().regex(/^[\da-f]{16}$/),
});

export const queryRequest = z.object({ merchant: merchantNumber, order });

const paid = z.object({ transaction, fen, channel: z.enum(channels), paid_at: instant });

export const queryAnswer = z
  .object({ order, state: z.enum(['unknown', 'open', 'closed', 'paid']), payments: z.array(paid).max(MAX_PAYMENTS) })
  .refine(({ state, payments }) => (state === 'paid') === payments.length > 0, 'paid is what has payments')
  .refine(({ payments }) => new Set(payments.map((each) => each.transaction)).size === payments.length, 'a transaction twice');

export const refundRequest = z.object({ merchant: merchantNumber, order, transaction, fen });

export const refundAnswer = z.discriminatedUnion('state', [
  z.object({ transaction, state: z.literal('processing') }),
  z.object({ transaction, state: z.literal('done'), refunded_at: instant }),
  z.object({ transaction, state: z.literal('refused'), why: words }),
]);

/** The error code of a call that was refused. */
export const errorAnswer = z.object({ error: z.string().regex(/^\w{1,40}$/) });

export const notificationBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paid'), merchant: merchantNumber, order, ...paid.shape }),
  z.object({ kind: z.literal('closed'), merchant: merchantNumber, order }),
]);
