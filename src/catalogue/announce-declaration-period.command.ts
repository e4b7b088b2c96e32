import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import type { DeclarationKind, Window } from './catalogue.events.js';
import { declarationPeriodStream } from './catalogue.streams.js';
import { announceDeclarationPeriod, declarationPeriod } from './declaration-period.decider.js';

/** `name` as candidates know it (2018年上半年); the window is of declaring, all instants in UTC. */
export interface DeclarationPeriodTerms extends Window {
  readonly name: string;
  readonly paymentCloses?: string | undefined;
}

export class AnnounceDeclarationPeriod extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly kind: DeclarationKind,
    readonly code: string,
    readonly terms: DeclarationPeriodTerms,
  ) {
    super();
  }
}

@CommandHandler(AnnounceDeclarationPeriod)
export class AnnounceDeclarationPeriodHandler implements ICommandHandler<AnnounceDeclarationPeriod> {
  constructor(private readonly events: EventStore) {}

  execute(command: AnnounceDeclarationPeriod) {
    const stream = declarationPeriodStream(command.kind, command.code);
    return this.events.decide(command, stream, declarationPeriod, (state) => announceDeclarationPeriod(state, command));
  }
}
