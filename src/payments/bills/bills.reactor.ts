import type { DeclarationEvent } from '../../declarations/declarations.events.js';
import type { EnrolmentEvent } from '../../enrolments/enrolments.events.js';
import { reactor } from '../../reactions/reactor.js';
import { IssueBill } from './issue-bill.command.js';

/** Issues the bill of a confirmed enrolment or a declaration. Its number is in the event, so that each event has one bill. */
export const bills = reactor<EnrolmentEvent | DeclarationEvent>({
  name: 'bills',
  on: {
    EnrolmentConfirmed: ({ data: { candidateId, period, bill, lines, fen, createdAt, dueBy } }, given) =>
      new IssueBill(given, { candidateId, bill, kind: 'enrolment', period, lines, fen, createdAt, dueBy }),
    DeclarationPaymentRequested: ({ data: { candidateId, issues } }, given) => issues && new IssueBill(given, { candidateId, ...issues }),
  },
});
