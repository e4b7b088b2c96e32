import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handler } from '../event-store/handler.js';
import { declaration, payDeclaration } from './declaration.decider.js';
import { billedDeclaration } from './declaration-history.js';
import type { DeclaredMajor } from './declarations.events.js';
import { refused } from './declarations.refusals.js';
import { declarationStream } from './declarations.streams.js';

/** Records that the bill of a declaration is paid. @throws Refusal declaration.unknown where no declaration belongs to the bill */
export class PayDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly bill: string,
    readonly of: DeclaredMajor,
  ) {
    super();
  }
}

export const PayDeclarationHandler = handler(PayDeclaration, {
  needs: [EventStore],
  facts: async ({ candidateId, bill, of }, events) => {
    const id = billedDeclaration(await events.subject(candidateId), bill, of);
    if (id === undefined) throw refused('declaration.unknown');
    return id;
  },
  stream: ({ candidateId }, id) => declarationStream(id, candidateId),
  decider: declaration,
  decide: payDeclaration,
});
