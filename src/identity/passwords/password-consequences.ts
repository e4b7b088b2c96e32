import type { Appended } from '../../event-store/append.js';
import type { Given } from '../../event-store/decider.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import { START } from '../../event-store/event.js';
import { EventStore } from '../../event-store/event-store.js';
import { handlerBy } from '../../event-store/handler.js';
import { Refusal } from '../../event-store/refusal.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { FollowPassword, FollowPasswordHandler } from '../../registrations/passwords/follow-password.command.js';
import { passwordInForce } from '../../registrations/passwords/password-in-force.js';
import { Config } from '../../settings/settings.js';
import { Vault } from '../../vault/vault.js';
import { inAll, SessionEnding } from '../sessions/session-endings.js';
import { FinishPassword } from './finish-password.command.js';
import { hasEndedSessions } from './password-progress.js';

const NOTHING: Appended = { position: START, recorded: 0 };

/**
 * Again does what is left; nothing at numbers where another password counts by now, which has consequences of its own. The number at
 * which it was set comes last: where sessions have ended there, all is done (`PasswordProgress`).
 */
export const FinishPasswordHandler = handlerBy(
  FinishPassword,
  [EventStore, Vault, ReadModels, Clock, Config],
  async ({ given, candidateId, passwordEvent, everywhere }, events, vault, readModels, clock, config) => {
    const others = (await vault.safe(candidateId)).open(everywhere.others);
    if (!others) return NOTHING; // forgotten
    const ending = new SessionEnding(events, readModels, clock, config);
    const done = [NOTHING];
    for (const other of others) done.push(await follow({ ...given, id: deterministicId(`${given.id} ${other}`) }, other, passwordEvent, events, vault));
    for (const id of [...others, candidateId]) {
      if ((await passwordInForce(id, events, vault))?.passwordEvent !== passwordEvent) continue;
      const { at, keptSession } = everywhere;
      if (await hasEndedSessions(id, passwordEvent, at, given.at, events)) continue;
      done.push(await ending.end(id, { keptSession, password: passwordEvent, evenIfNone: true }, deterministicId(`${given.id} sessions ${id}`)));
    }
    return inAll(done);
  },
);

/** Whoever sets one at that number at the same moment: what counts there is looked at anew. */
async function follow(given: Given, candidateId: string, passwordEvent: string, events: EventStore, vault: Vault): Promise<Appended> {
  for (;;) {
    try {
      return await new FollowPasswordHandler(events, events, vault).execute(new FollowPassword(given, candidateId, passwordEvent));
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'password.replaced_meanwhile')) throw error;
    }
  }
}
