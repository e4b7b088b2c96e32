import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Refusal } from '../event-store/refusal.js';
import { type Bill, bill, issued } from './bill.decider.js';
import { billNumbered, billOfOrder } from './bill-history.js';
import { failPayment, noteAsked, takePayment } from './payment.decider.js';
import { type OrderStanding, PaymentPlatform } from './payment-platform.js';
import type { PaymentEvent } from './payments.events.js';
import { billStream } from './payments.streams.js';

/** Milliseconds after an order's end within which a phone that came in time may still be paying. */
const MARGIN = 60_000;

/** Asks the platform what came of an order. */
export class AskPayment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly order: string,
  ) {
    super();
  }
}

@CommandHandler(AskPayment)
export class AskPaymentHandler implements ICommandHandler<AskPayment> {
  constructor(
    private readonly events: EventStore,
    private readonly platform: PaymentPlatform,
  ) {}

  /** @throws PlatformUnavailable */
  async execute(command: AskPayment) {
    const { given, order } = command;
    const number = billOfOrder(order);
    if (number === undefined) throw new Refusal('bill.unknown');
    const { candidateId } = issued(await billNumbered(this.events, number));
    const standing = await this.platform.query(order);
    return this.events.decide(command, billStream(number, candidateId), bill, (state) => answered(state, order, standing, given.at));
  }
}

/** What an answer of the platform comes to. An order that it has not heard of by its end, it never will. */
function answered(state: Bill, order: string, { state: stands, payments }: OrderStanding, at: string): PaymentEvent[] {
  const endsAt = state.attempts.find((attempt) => attempt.order === order)?.endsAt;
  const isOver = endsAt !== undefined && Date.parse(at) >= Date.parse(endsAt) + MARGIN;
  if (payments.length === 0) return stands === 'closed' || (stands === 'unknown' && isOver) ? failPayment(state, order, at) : noteAsked(state, order, at);
  let after = state;
  const events = payments.flatMap((payment) => {
    const taken = takePayment(after, payment);
    after = taken.reduce((before, event) => bill.evolve(before, event), after);
    return taken;
  });
  return events.length > 0 ? events : noteAsked(state, order, at);
}
