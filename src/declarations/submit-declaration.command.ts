import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import { Catalogue } from '../catalogue/catalogue.js';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { Refusal } from '../event-store/refusal.js';
import { freeBillNumber } from '../payments/bill-number.js';
import { type DeclarationFacts, declaration, submitDeclaration } from './declaration.decider.js';
import type { DeclarationBill } from './declarations.events.js';
import { declarationStream } from './declarations.streams.js';
import { declared, studies } from './declared.js';

/** The candidate declares 申报 a major; `declaration` is a new id, `appliedOn` the date in Beijing. */
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

@CommandHandler(SubmitDeclaration)
export class SubmitDeclarationHandler implements ICommandHandler<SubmitDeclaration> {
  constructor(
    private readonly events: EventStore,
    private readonly catalogue: Catalogue,
  ) {}

  async execute(command: SubmitDeclaration) {
    const facts = await this.facts(command);
    const stream = declarationStream(command.declaration, command.candidateId);
    return this.events.decide(command, stream, declaration, (state) => submitDeclaration(state, command, facts));
  }

  private async facts(command: SubmitDeclaration): Promise<DeclarationFacts> {
    const { candidateId, kind, period, major, given } = command;
    const history = await this.events.subject(candidateId);
    const { opens, closes } = this.catalogue.declarationPeriod(kind, period) ?? {};
    const now = Date.parse(given.at);
    const ended = closes !== undefined && Date.parse(closes) <= now;
    return {
      window: opens === undefined || now < Date.parse(opens) ? 'not_open' : ended ? 'closed' : 'open',
      university: this.catalogue.major(major)?.university,
      studied: studies(history, major),
      other: declared(history, command),
      bill: await this.bill(command),
    };
  }

  /** By the fee table; none where nothing is to be paid. A fee that nobody has set is not one of nothing. */
  private async bill({ kind, period, major, given }: SubmitDeclaration): Promise<DeclarationBill | undefined> {
    if (kind === 'graduation') return undefined;
    const fen = this.catalogue.declarationFee(kind, period);
    if (fen === undefined) throw new Refusal('declaration.no_fee', { period });
    if (fen === 0) return undefined;
    const { closes, paymentCloses } = this.catalogue.declarationPeriod(kind, period) ?? {};
    const bill = await freeBillNumber(this.events, given.id);
    return { bill, kind, period, lines: [{ code: major, fen }], fen, createdAt: given.at, dueBy: paymentCloses ?? closes };
  }
}
