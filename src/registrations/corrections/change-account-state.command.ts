import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { candidate } from '../candidate.decider.js';
import type { AccountState } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';
import { changeAccountState } from './correcting.decider.js';

/** Changes the state of a candidate's account 账号状态. */
export class ChangeAccountState extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly state: AccountState,
  ) {
    super();
  }
}

export const ChangeAccountStateHandler = handler(ChangeAccountState, {
  stream: ({ candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: changeAccountState,
});
