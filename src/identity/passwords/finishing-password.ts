import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import { START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { Refusal } from '../../event-store/refusal.js';
import { FollowPassword, FollowPasswordHandler } from '../../registrations/passwords/follow-password.command.js';
import { passwordInForce } from '../../registrations/passwords/password-in-force.js';
import type { Everywhere } from '../../registrations/registrations.events.js';
import type { Vault } from '../../vault/vault.js';
import { combined } from '../sessions/combined-appends.js';
import type { SessionEnder } from '../sessions/session-ender.js';
import { hasEndedSessions } from './ended-by-password.js';

const NOTHING: Appended = { position: START, recorded: 0 };

/** A password that a person has set at one admission number. */
interface NewPassword {
  readonly given: Given;
  readonly candidateId: string;
  readonly passwordEvent: string;
  readonly everywhere: Everywhere;
}

/**
 * Records a new password at the person's other admission numbers and ends the sessions of before. A repeat does what is left; a number
 * where a newer password is in force is left alone. The number at which it was set comes last, so that ended sessions there
 * mean that all is done (`PasswordProgress`).
 */
export async function finishPassword(
  { given, candidateId, passwordEvent, everywhere }: NewPassword,
  events: EventStore,
  vault: Vault,
  ender: SessionEnder,
): Promise<Appended> {
  const others = (await vault.safe(candidateId)).open(everywhere.others);
  if (!others) return NOTHING; // forgotten
  const done = [NOTHING];
  for (const other of others) done.push(await follow({ ...given, id: deterministicId(`${given.id} ${other}`) }, other, passwordEvent, events, vault));
  for (const id of [...others, candidateId]) {
    if ((await passwordInForce(id, events, vault))?.passwordEvent !== passwordEvent) continue;
    const { at, keptSession } = everywhere;
    if (await hasEndedSessions(id, passwordEvent, at, given.at, events)) continue;
    done.push(await ender.end(id, { keptSession, password: passwordEvent, evenIfNone: true }, deterministicId(`${given.id} sessions ${id}`)));
  }
  return combined(done);
}

/** Decides again when another password is set at that number at the same moment. */
async function follow(given: Given, candidateId: string, passwordEvent: string, events: EventStore, vault: Vault): Promise<Appended> {
  for (;;) {
    try {
      return await new FollowPasswordHandler(events, events, vault).execute(new FollowPassword(given, candidateId, passwordEvent));
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'password.replaced_meanwhile')) throw error;
    }
  }
}
