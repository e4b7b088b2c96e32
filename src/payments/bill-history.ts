import { StoreUnavailable } from '../event-store/append.js';
import type { EventStore } from '../event-store/event-store.js';
import { type Bill, bill } from './bill.decider.js';
import type { PaymentEvent } from './payments.events.js';
import { billStreamName } from './payments.streams.js';

/** An order's number: its bill's, and two digits of the attempt. */
const ORDER = /^(\d{14})\d{2}$/;

/** The bill's number in an order's; undefined for what is none of ours. */
export function billOfOrder(order: string): string | undefined {
  return ORDER.exec(order)?.[1];
}

/** How a bill stands by its own events; without `terms` where it was never issued. @throws StoreUnavailable */
export async function billNumbered(events: EventStore, number: string): Promise<Bill> {
  const [history = []] = await events.streams([billStreamName(number)]);
  return history.reduce((state, event) => {
    if (event.unknown) throw new StoreUnavailable(`stream ${event.stream} holds ${event.type} of a newer release`);
    return bill.evolve(state, event as unknown as PaymentEvent);
  }, bill.initial);
}
