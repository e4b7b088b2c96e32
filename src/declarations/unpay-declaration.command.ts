import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { START } from '../event-store/event.js';
import { EventStore } from '../event-store/event-store.js';
import { handlerBy } from '../event-store/handler.js';
import { declaration, unpayDeclaration } from './declaration.decider.js';
import { billedDeclaration } from './declaration-history.js';
import type { DeclaredMajor } from './declarations.events.js';
import { declarationStream } from './declarations.streams.js';

/** Records that the bill of a declaration is not paid after all. */
export class UnpayDeclaration extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly bill: string,
    readonly of: DeclaredMajor,
  ) {
    super();
  }
}

export const UnpayDeclarationHandler = handlerBy(UnpayDeclaration, [EventStore], async (command, events) => {
  const { candidateId, bill, of } = command;
  const id = billedDeclaration(await events.subject(candidateId), bill, of);
  if (id === undefined) return { position: START, recorded: 0 };
  return events.decide(command, declarationStream(id, candidateId), declaration, (state) => unpayDeclaration(state));
});
