import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { officer, suspendOfficer } from './officer.decider.js';
import { officerStream } from './officers.streams.js';

/** Ends the sessions of an account, and lets nobody in by it. */
export class SuspendOfficer extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
  ) {
    super();
  }
}

export const SuspendOfficerHandler = handler(SuspendOfficer, {
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: (state, { account }) => suspendOfficer(state, account),
});
