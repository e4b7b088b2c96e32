import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { Safes } from '../vault/vault.js';
import type { SealedRemark } from './declaration.decider.js';
import { declaration, recordDeclaration } from './declaration.decider.js';
import type { DeclarationState, DeclarationTerms } from './declarations.events.js';
import { declarationStream } from './declarations.streams.js';

/** Records a declaration 申报 as it is reported; `decidedOn` is a date. */
export class RecordDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly terms: DeclarationTerms,
    readonly state: DeclarationState,
    readonly decidedOn?: string | undefined,
    readonly remark?: string | undefined,
  ) {
    super();
  }
}

export const RecordDeclarationHandler = handler(RecordDeclaration, {
  needs: [Safes],
  facts: async ({ terms, remark }, safes): Promise<SealedRemark | undefined> => {
    if (remark === undefined) return undefined;
    const safe = await safes.safe(terms.candidateId);
    return { remark: safe.seal(remark), digest: safe.digest(remark) };
  },
  stream: ({ terms }) => declarationStream(terms.declaration, terms.candidateId),
  decider: declaration,
  decide: recordDeclaration,
});
