import { hash } from 'node:crypto';
import type { EventStore } from '../../event-store/event-store.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { billStreamName } from '../payments.streams.js';

/** The PC system's numbers begin with the year. */
const PREFIX = '9';
const ATTEMPTS = 8;

/**
 * The number of a bill that is to be issued here: 14 digits that no bill has, derived from the command. Two concurrent commands get the
 * same number with a chance of one in 10^13; the second is refused then.
 */
export async function unusedBillNumber(events: EventStore, command: string): Promise<string> {
  const numbers = Array.from({ length: ATTEMPTS }, (_, attempt) => numberOf(`${command} ${attempt}`));
  for (const number of numbers) {
    const [history = []] = await events.streams([billStreamName(number)]);
    if (history.length === 0) return number;
  }
  throw new StoreUnavailable('没有可用的账单号，请稍后再试');
}

function numberOf(name: string): string {
  const digits = BigInt(`0x${hash('sha256', name).slice(0, 24)}`) % 10n ** 13n;
  return `${PREFIX}${digits.toString().padStart(13, '0')}`;
}

/** Whether a bill's number is one of those that are issued here. */
export function isIssuedHere(bill: string): boolean {
  return bill.startsWith(PREFIX);
}
