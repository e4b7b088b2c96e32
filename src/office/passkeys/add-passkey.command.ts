import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { addPasskey, officer } from '../officers/officer.decider.js';
import type { Passkey } from '../officers/officers.events.js';
import { officerStream } from '../officers/officers.streams.js';

/** Adds a passkey to an officer's own account, beside the codes of the app. */
export class AddPasskey extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly session: string,
    readonly passkey: Passkey,
    /** How its owner tells it from others. */
    readonly name: string,
  ) {
    super();
  }
}

export const AddPasskeyHandler = handler(AddPasskey, {
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: addPasskey,
});
