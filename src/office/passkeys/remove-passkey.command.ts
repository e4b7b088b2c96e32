import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { officer, removePasskey } from '../officers/officer.decider.js';
import { officerStream } from '../officers/officers.streams.js';

/** Removes a passkey of an account: it proves nothing any more. */
export class RemovePasskey extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly account: string,
    readonly passkey: string,
  ) {
    super();
  }
}

export const RemovePasskeyHandler = handler(RemovePasskey, {
  stream: ({ account }) => officerStream(account),
  decider: officer,
  decide: removePasskey,
});
