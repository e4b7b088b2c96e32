import type { FastifyRequest } from 'fastify';
import type { Bill } from '../../../projections/bills.js';
import { pollingAddress } from '../../web/requests/polling.js';
import type { PaymentPlatform } from '../platform/payment-platform.js';

/** Minutes before the deadline from which a warning is shown: less than an order is normally given. */
const DEADLINE_WARNING = 15;

/**
 * Why a bill cannot be paid where the page is open: `nowhere` no platform is set; `in_mini_program` web-views of mini-programs
 * cannot pay (docs/domain.md, "Where pages are opened").
 */
export function cannotPay(
  { origin }: Pick<PaymentPlatform, 'origin'>,
  { headers }: Pick<FastifyRequest, 'headers'>,
): 'nowhere' | 'in_mini_program' | undefined {
  if (origin === undefined) return 'nowhere';
  return /miniprogram/i.test(headers['user-agent'] ?? '') ? 'in_mini_program' : undefined;
}

/** The minutes until the deadline when they are few; undefined when they are many, or over. */
export function minutesToDeadline({ dueBy }: Pick<Bill, 'dueBy'>, now: Date): number | undefined {
  if (dueBy === undefined) return undefined;
  const minutes = Math.ceil((Date.parse(dueBy) - now.getTime()) / 60_000);
  return minutes > 0 && minutes <= DEADLINE_WARNING ? minutes : undefined;
}

/** Seconds between polls for a payment's outcome (backoff); after the last the page says where to look. */
const POLL_DELAYS = [2, 3, 5, 8, 13, 20, 30];

/**
 * The next poll of a bill's page after the return from the platform; undefined when it has polled often enough.
 * @param asked number of polls so far, from the address
 */
export function nextPoll(no: string, asked: unknown): { readonly seconds: number; readonly address: string } | undefined {
  const times = typeof asked === 'string' && /^\d{1,2}$/.test(asked) ? Number(asked) : undefined;
  const seconds = times === undefined ? undefined : POLL_DELAYS[times];
  return times === undefined || seconds === undefined ? undefined : { seconds, address: pollingAddress(`/center/bills/${no}?asked=${times + 1}`) };
}
