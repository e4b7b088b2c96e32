import { evolved } from '../../event-store/decider.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import type { PaymentEvent } from '../payments.events.js';
import { billStreamName } from '../payments.streams.js';
import { type Bill, bill } from './bill.decider.js';

/** The events of each of these bills; none for one that was never issued. @throws StoreUnavailable */
export async function billHistories(events: EventStore, numbers: readonly string[]): Promise<readonly (readonly Recorded<PaymentEvent>[])[]> {
  const histories = await events.streams(numbers.map(billStreamName));
  return histories.map((history) => readableEvents<PaymentEvent>(history));
}

/** The state of a bill after its events; without `terms` where it was never issued. */
export function foldBill(history: readonly PaymentEvent[]): Bill {
  return evolved(bill, history);
}

/** The state of the bill with a number. @throws StoreUnavailable */
export async function loadBill(events: EventStore, number: string): Promise<Bill> {
  const [history = []] = await billHistories(events, [number]);
  return foldBill(history);
}
