import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Window } from '../catalogue/catalogue.events.js';
import { Catalogue } from '../catalogue/catalogue.js';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { freeBillNumber } from '../payments/bill-number.js';
import { billed } from './billed.js';
import { confirmEnrolment, type EnrolmentFacts, enrolment } from './enrolment.decider.js';
import { enrolmentStream } from './enrolments.streams.js';
import { exemptions, passedCourses } from './studied.js';

/** The candidate is sure of the courses chosen in a period: a bill is issued for them. */
export class ConfirmEnrolment extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly period: string,
  ) {
    super();
  }
}

@CommandHandler(ConfirmEnrolment)
export class ConfirmEnrolmentHandler implements ICommandHandler<ConfirmEnrolment> {
  constructor(
    private readonly events: EventStore,
    private readonly catalogue: Catalogue,
  ) {}

  async execute(command: ConfirmEnrolment) {
    const { candidateId, period, given } = command;
    const [facts, bill] = await Promise.all([this.facts(command), freeBillNumber(this.events, given.id)]);
    return this.events.decide(command, enrolmentStream(candidateId, period), enrolment, (state) => confirmEnrolment(state, command, facts, bill));
  }

  /** What other streams say of the candidate, and the catalogue of the period. */
  private async facts({ candidateId, period, given: { at } }: ConfirmEnrolment): Promise<EnrolmentFacts> {
    const history = await this.events.subject(candidateId);
    const terms = this.catalogue.period(period);
    const papers = Object.entries(terms?.papers ?? {}).map(([course, { unit, form }]) => [course, { unit, fen: this.catalogue.fee(form, period) }] as const);
    return {
      papers: new Map(papers),
      window: standing(terms?.enrolment ?? {}, at),
      dueBy: terms?.paymentCloses ?? terms?.enrolment.closes,
      passed: passedCourses(history, (each) => this.catalogue.resultsReleased(each, new Date(at))),
      ...exemptions(history),
      bills: billed(history, period),
    };
  }
}

function standing({ opens, closes }: Window, at: string): EnrolmentFacts['window'] {
  if (opens === undefined || Date.parse(at) < Date.parse(opens)) return 'not_open';
  return closes !== undefined && Date.parse(closes) <= Date.parse(at) ? 'closed' : 'open';
}
