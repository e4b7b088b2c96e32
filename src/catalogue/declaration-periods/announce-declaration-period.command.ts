import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import type { DeclarationKind } from '../catalogue.events.js';
import { declarationPeriodStream } from '../catalogue.streams.js';
import type { DeclarationPeriodTerms } from './declaration-period.decider.js';
import { announceDeclarationPeriod, declarationPeriod } from './declaration-period.decider.js';

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

export const AnnounceDeclarationPeriodHandler = handler(AnnounceDeclarationPeriod, {
  stream: ({ kind, code }) => declarationPeriodStream(kind, code),
  decider: declarationPeriod,
  decide: announceDeclarationPeriod,
});
