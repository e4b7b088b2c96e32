import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { windowState } from '../catalogue/window.js';
import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handler } from '../event-store/handler.js';
import { unusedBillNumber } from '../payments/bills/bill-number.js';
import { studiesMajor } from '../registrations/majors/studies-major.js';
import { type DeclarationFacts, declaration, submitDeclaration } from './declaration.decider.js';
import { activeDeclaration } from './declaration-history.js';
import type { DeclarationBill } from './declarations.events.js';
import { refused } from './declarations.refusals.js';
import { declarationStream } from './declarations.streams.js';

/** Declares 申报 a major for the candidate; `declaration` is a new id, `appliedOn` the date in Beijing. */
export class SubmitDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly declaration: string,
    readonly candidateId: string,
    readonly kind: DeclarationKind,
    readonly period: string,
    readonly major: string,
    readonly appliedOn: string,
  ) {
    super();
  }
}

export const SubmitDeclarationHandler = handler(SubmitDeclaration, {
  needs: [EventStore, Catalogue],
  facts: async (command, events, catalogue): Promise<DeclarationFacts> => {
    const { candidateId, kind, period, major, given } = command;
    const history = await events.subject(candidateId);
    return {
      window: windowState(catalogue.declarationPeriod(kind, period) ?? {}, given.at),
      university: catalogue.major(major)?.university,
      studied: studiesMajor(history, major),
      other: activeDeclaration(history, command),
      bill: await billFor(command, events, catalogue),
    };
  },
  stream: ({ declaration, candidateId }) => declarationStream(declaration, candidateId),
  decider: declaration,
  decide: submitDeclaration,
});

/** The bill by the fee table; none where nothing is to be paid. A fee that is not set is refused, since it is not zero. */
async function billFor({ kind, period, major, given }: SubmitDeclaration, events: EventStore, catalogue: Catalogue): Promise<DeclarationBill | undefined> {
  if (kind === 'graduation') return undefined;
  const fen = catalogue.declarationFee(kind, period);
  if (fen === undefined) throw refused('declaration.no_fee', { period });
  if (fen === 0) return undefined;
  const { closes, paymentCloses } = catalogue.declarationPeriod(kind, period) ?? {};
  const bill = await unusedBillNumber(events, given.id);
  return { bill, kind, period, lines: [{ code: major, fen }], fen, createdAt: given.at, dueBy: paymentCloses ?? closes };
}
