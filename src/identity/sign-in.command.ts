import { Command } from '@nestjs/cqrs';
import type { Appended } from '../event-store/append.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { Vault } from '../vault/vault.js';
import type { Device, SignInWay } from './identity.events.js';
import { logins, signIn } from './login.decider.js';
import { loginStream } from './login.streams.js';

/** A session begins, after whoever asks has shown who it is. */
export class SignIn extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly session: string,
    readonly device: Device,
    readonly way: SignInWay = 'password',
    /** From when on the password was looked at, or since when the session lasts by which another number is gone to: ISO 8601, UTC. One that is changed since lets nobody in. */
    readonly shownAt?: string,
  ) {
    super();
  }
}

export const SignInHandler = handler(SignIn, {
  needs: [Vault],
  facts: async ({ candidateId, device }, vault) => (await vault.safe(candidateId)).seal(device),
  stream: ({ candidateId, given }) => loginStream(candidateId, given.at),
  decider: logins,
  decide: signIn,
});
