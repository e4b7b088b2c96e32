import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { Safes } from '../vault/vault.js';
import type { DeclarationChanges, SealedRemark } from './declaration.decider.js';
import { correctDeclaration, declaration } from './declaration.decider.js';
import { declarationStream } from './declarations.streams.js';

/** Corrects what is named of a declaration's status; `remark` is free text. */
export class CorrectDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly declaration: string,
    readonly changes: DeclarationChanges,
    readonly remark?: string | undefined,
  ) {
    super();
  }
}

export const CorrectDeclarationHandler = handler(CorrectDeclaration, {
  needs: [Safes],
  facts: async ({ candidateId, remark }, vault): Promise<SealedRemark | undefined> => {
    if (remark === undefined) return undefined;
    const safe = await vault.safe(candidateId);
    return { remark: safe.seal(remark), digest: safe.digest(remark) };
  },
  stream: ({ declaration, candidateId }) => declarationStream(declaration, candidateId),
  decider: declaration,
  decide: correctDeclaration,
});
