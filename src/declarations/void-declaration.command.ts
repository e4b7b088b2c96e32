import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { declaration, voidDeclaration } from './declaration.decider.js';
import { declarationStream } from './declarations.streams.js';

/** Takes back a declaration that should never have been recorded. */
export class VoidDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly declaration: string,
  ) {
    super();
  }
}

export const VoidDeclarationHandler = handler(VoidDeclaration, {
  stream: ({ declaration, candidateId }) => declarationStream(declaration, candidateId),
  decider: declaration,
  decide: voidDeclaration,
});
