import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { EventStore } from '../../event-store/event-store.js';
import { handler } from '../../event-store/handler.js';
import { foldHistory } from '../../event-store/reading/fold-history.js';
import { passwordInForce } from '../../registrations/passwords/password-in-force.js';
import { Vault } from '../../vault/vault.js';
import type { Device, IdentityEvent, SignInWay } from '../identity.events.js';
import { hourBefore, logins, signIn } from '../sessions/login.decider.js';
import { loginStream } from '../sessions/login.streams.js';

/** Begins a session, after a person has proved who it is. */
export class SignIn extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly candidateId: string,
    readonly session: string,
    readonly device: Device,
    readonly way: SignInWay = 'password',
    /** When the check of the password began, or the session from which the person switches: ISO 8601, UTC. A later change of the password refuses the session. */
    readonly provedAt?: string,
    /** The event by which the password was set that was used (`PasswordInForce.passwordEvent`). A newer password refuses the session. */
    readonly password?: string,
  ) {
    super();
  }
}

export const SignInHandler = handler(SignIn, {
  needs: [Vault, EventStore],
  facts: async (command, vault, events) => ({
    device: (await vault.safe(command.candidateId)).seal(command.device),
    beganBefore: await beganBefore(command, events),
    inForce: command.password === undefined ? undefined : (await passwordInForce(command.candidateId, events, vault))?.passwordEvent,
  }),
  stream: ({ candidateId, given }) => loginStream(candidateId, given.at),
  decider: logins,
  decide: signIn,
});

/** Streams are divided by month: in the first hour of a month, sessions of the last hour are in the stream of the previous one. */
async function beganBefore({ candidateId, given }: SignIn, events: EventStore): Promise<readonly string[]> {
  const before = loginStream(candidateId, hourBefore(given.at)).name;
  if (before === loginStream(candidateId, given.at).name) return [];
  const [history = []] = await events.streams([before]);
  const began: string[] = [];
  foldHistory<IdentityEvent>(history, {
    SignedIn: ({ at }) => {
      if (at !== undefined) began.push(at);
    },
  });
  return began;
}
