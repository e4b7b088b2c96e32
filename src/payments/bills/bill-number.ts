import { hash } from 'node:crypto';
import type { EventStore } from '../../event-store/event-store.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { billStreamName } from '../payments.streams.js';

/** Those of the PC system begin with the year. */
const OURS = '9';
const ATTEMPTS = 8;

/**
 * The number of a bill that is to be issued here: 14 digits that no bill has yet, the same for the same command as long as
 * that holds. Two commands could be given one number only in the moment before either's bill is issued, and by a chance of
 * one in 10^13: the second is refused then.
 */
export async function freeBillNumber(events: EventStore, command: string): Promise<string> {
  const numbers = Array.from({ length: ATTEMPTS }, (_, attempt) => numberOf(`${command} ${attempt}`));
  for (const number of numbers) {
    const [history = []] = await events.streams([billStreamName(number)]);
    if (history.length === 0) return number;
  }
  throw new StoreUnavailable('no bill number is free');
}

function numberOf(name: string): string {
  const digits = BigInt(`0x${hash('sha256', name).slice(0, 24)}`) % 10n ** 13n;
  return `${OURS}${digits.toString().padStart(13, '0')}`;
}
