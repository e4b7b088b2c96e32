import { randomUUID } from 'node:crypto';
import pRetry from 'p-retry';
import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import {
  ForgedNotification,
  type Notification,
  type Order,
  type OrderStatus,
  PaymentPlatform,
  PlatformUnavailable,
  type RawNotification,
  type Refund,
  type RefundStatus,
} from './payment-platform.js';
import type { PlatformKeys } from './platform-keys.js';
import * as protocol from './platform-protocol.js';
import { canonicalFields, hasSigned, signatureOf, signedBytes } from './platform-signature.js';

export interface PlatformConnection {
  /** The platform's base URL, without a trailing slash. */
  readonly url: string;
  /** The centre's number at the platform. */
  readonly merchant: string;
  readonly ownKeys: PlatformKeys;
  readonly platformKeys: PlatformKeys;
}

interface CallPolicy {
  /** Milliseconds for one try of a call, until the last byte of the answer. */
  readonly perTry: number;
  /** Retries after transient failures. */
  readonly retries: number;
  /** Milliseconds before the first retry; doubled for each further one. */
  readonly pause: number;
}

/** A call takes a little over 13 s at most. Only a timer, or a page that polls, waits for it. */
const DEFAULT_POLICY: CallPolicy = { perTry: 4_000, retries: 2, pause: 300 };

/** A failure that a retry may overcome. */
class TransientFailure extends PlatformUnavailable {}

/** Statuses of transient failures. */
const TRANSIENT = [408, 429, 500, 502, 503, 504];

/** The platform as docs/payment-platform.md describes it. */
export class HttpsPaymentPlatform extends PaymentPlatform {
  override readonly origin: string;

  constructor(
    private readonly connection: PlatformConnection,
    private readonly clock: Pick<Clock, 'now'>,
    private readonly policy: CallPolicy = DEFAULT_POLICY,
  ) {
    super();
    this.origin = new URL(connection.url).origin;
  }

  override create({ order, fen, title, begunAt, endsAt }: Order, returnTo: string): string {
    const { url, merchant, ownKeys } = this.connection;
    const [key] = ownKeys;
    const fields = { merchant, order, fen: String(fen), title, begun: begunAt, ends: endsAt, return: returnTo, key: key.id };
    const canonical = canonicalFields(fields);
    const signature = signatureOf(key, signedBytes('order', [canonical]));
    return `${url}${protocol.PAY}?${canonical}&${canonicalFields({ signature })}`;
  }

  override async query(order: string): Promise<OrderStatus> {
    const { merchant } = this.connection;
    const answer = await this.call(protocol.QUERY, { merchant, order }, protocol.queryAnswer);
    if (answer.order !== order) throw new PlatformUnavailable('the payment platform answered about another order');
    const payments = answer.payments.map(({ paid_at: paidAt, ...payment }) => ({ order, ...payment, paidAt }));
    return { state: answer.state, payments };
  }

  override async refund({ transaction, order, fen }: Refund): Promise<RefundStatus> {
    const { merchant } = this.connection;
    const answer = await this.call(protocol.REFUNDS, { merchant, order, transaction, fen }, protocol.refundAnswer);
    if (answer.transaction !== transaction) throw new PlatformUnavailable('the payment platform answered about another payment');
    switch (answer.state) {
      case 'processing':
        return { state: 'processing' };
      case 'done':
        return { state: 'done', refundedAt: answer.refunded_at };
      case 'refused':
        return { state: 'refused', why: answer.why };
    }
  }

  override verify({ headers, body }: RawNotification, now: Date): Notification {
    const signed = protocol.signedHeaders.safeParse(headers);
    if (!signed.success || body.length > protocol.LARGEST_BODY) throw new ForgedNotification('malformed');
    const { [protocol.TIME_HEADER]: time, [protocol.NONCE_HEADER]: nonce } = signed.data;
    const bytes = signedBytes('notification', [time, nonce], body);
    if (!this.signedByPlatform(signed.data, bytes)) throw new ForgedNotification('signature');
    if (!(Math.abs(now.getTime() - Number(time)) <= protocol.LONGEST_AGO)) throw new ForgedNotification('time');
    const read = protocol.notificationBody.safeParse(jsonOf(body));
    if (!read.success) throw new ForgedNotification('malformed');
    if (read.data.merchant !== this.connection.merchant) throw new ForgedNotification('merchant');
    if (read.data.kind === 'closed') return { kind: 'closed', order: read.data.order };
    const { order, transaction, fen, channel, paid_at: paidAt } = read.data;
    return { kind: 'paid', payment: { order, transaction, fen, channel, paidAt } };
  }

  /** All calls can be retried: a query changes nothing, and the platform refunds a payment once. */
  private call<T>(path: string, asked: object, shape: z.ZodType<T>): Promise<T> {
    const { retries, pause } = this.policy;
    const body = Buffer.from(JSON.stringify(asked));
    return pRetry(() => this.tryCall(path, body, shape), {
      retries,
      minTimeout: pause,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof TransientFailure,
    });
  }

  private async tryCall<T>(path: string, body: Uint8Array<ArrayBuffer>, shape: z.ZodType<T>): Promise<T> {
    const nonce = randomUUID();
    const { status, headers, bytes } = await this.send(path, nonce, body);
    if (TRANSIENT.includes(status)) throw new TransientFailure(`the payment platform answered ${path} with ${status}`);
    const signed = protocol.answerHeaders.safeParse(Object.fromEntries(headers));
    const isSigned = signed.success && this.signedByPlatform(signed.data, signedBytes('answer', [nonce, String(status)], bytes));
    if (!isSigned) throw new PlatformUnavailable(`the payment platform answered ${path} with ${status}, and not with its signature`);
    if (status !== 200) {
      const { data } = protocol.errorAnswer.safeParse(jsonOf(bytes));
      throw new PlatformUnavailable(`the payment platform answered ${path} with ${status} ${data?.error ?? ''}`);
    }
    const read = shape.safeParse(jsonOf(bytes));
    if (!read.success) throw new PlatformUnavailable(`the payment platform answered ${path} with what docs/payment-platform.md does not know`);
    return read.data;
  }

  private async send(path: string, nonce: string, body: Uint8Array<ArrayBuffer>): Promise<{ status: number; headers: Headers; bytes: Uint8Array }> {
    const { url, merchant, ownKeys } = this.connection;
    const [key] = ownKeys;
    const time = String(this.clock.now().getTime());
    const headers = {
      'content-type': 'application/json',
      [protocol.MERCHANT_HEADER]: merchant,
      [protocol.KEY_HEADER]: key.id,
      [protocol.TIME_HEADER]: time,
      [protocol.NONCE_HEADER]: nonce,
      [protocol.SIGNATURE_HEADER]: signatureOf(key, signedBytes('request', ['POST', path, merchant, time, nonce], body)),
    };
    try {
      const signal = AbortSignal.timeout(this.policy.perTry);
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body, signal, redirect: 'manual' });
      return { status: answer.status, headers: answer.headers, bytes: await bytesOf(answer) };
    } catch (error) {
      if (error instanceof PlatformUnavailable) throw error;
      throw new TransientFailure(`the payment platform does not answer ${path}`, { cause: error });
    }
  }

  private signedByPlatform(signed: z.infer<typeof protocol.answerHeaders>, bytes: Uint8Array): boolean {
    return hasSigned(this.connection.platformKeys, signed[protocol.KEY_HEADER], signed[protocol.SIGNATURE_HEADER], bytes);
  }
}

/** Reads an answer up to its maximum size. */
async function bytesOf(answer: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > protocol.LARGEST_ANSWER) throw new PlatformUnavailable('the payment platform answers too much');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Undefined for a body that is not JSON in UTF-8; no schema accepts that. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined; // the caller reports what it expected
  }
}
