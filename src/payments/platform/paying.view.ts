import type { FastifyRequest } from 'fastify';
import type { Bill } from '../../../projections/bills.js';
import { automatic } from '../../web/automatic.js';
import type { PaymentPlatform } from './payment-platform.js';

/** Minutes before the deadline from which on there is a warning before the phone leaves: less than an order has otherwise. */
const HURRY = 15;

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
export function hurry({ dueBy }: Pick<Bill, 'dueBy'>, now: Date): number | undefined {
  if (dueBy === undefined) return undefined;
  const minutes = Math.ceil((Date.parse(dueBy) - now.getTime()) / 60_000);
  return minutes > 0 && minutes <= HURRY ? minutes : undefined;
}

/** Seconds after which the page asks what came of a payment, each time later; then it says where to look. */
const PAUSES = [2, 3, 5, 8, 13, 20, 30];

/**
 * When and where the bill's page asks again by itself, if it has come back from the platform; none when it has asked often enough.
 * @param asked how often it has, from the address
 */
export function asking(no: string, asked: unknown): { readonly seconds: number; readonly address: string } | undefined {
  const times = typeof asked === 'string' && /^\d{1,2}$/.test(asked) ? Number(asked) : undefined;
  const seconds = times === undefined ? undefined : PAUSES[times];
  return times === undefined || seconds === undefined ? undefined : { seconds, address: automatic(`/center/bills/${no}?asked=${times + 1}`) };
}
