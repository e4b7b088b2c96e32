import { evolved } from '../../event-store/decider.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/fold-history.js';
import type { PaymentEvent } from '../payments.events.js';
import { billStreamName } from '../payments.streams.js';
import { type Bill, bill } from './bill.decider.js';

/** What happened to each of these bills; nothing to one that was never issued. @throws StoreUnavailable */
export async function billHistories(events: EventStore, numbers: readonly string[]): Promise<readonly (readonly Recorded<PaymentEvent>[])[]> {
  const histories = await events.streams(numbers.map(billStreamName));
  return histories.map((history) => readableEvents<PaymentEvent>(history));
}

/** How a bill stands by its own events; without `terms` where it was never issued. */
export function billAfter(history: readonly PaymentEvent[]): Bill {
  return evolved(bill, history);
}

/** The same of one bill by its number. @throws StoreUnavailable */
export async function billNumbered(events: EventStore, number: string): Promise<Bill> {
  const [history = []] = await billHistories(events, [number]);
  return billAfter(history);
}
