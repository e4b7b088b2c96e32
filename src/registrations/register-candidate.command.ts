import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { handler } from '../event-store/handler.js';
import { Photos } from '../vault/photos.js';
import { Vault } from '../vault/vault.js';
import type { RegistrationStatus } from './candidate.decider.js';
import { candidate, registerCandidate } from './candidate.decider.js';
import { identifiersOf } from './identifiers.js';
import type { Person, Registration } from './registrations.events.js';
import { candidateStream } from './registrations.streams.js';

/** Registers or corrects a candidate, who is identified by the admission number. `photo` is a JPEG's bytes. */
export class RegisterCandidate extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly person: Person,
    readonly status: RegistrationStatus,
    readonly photo?: Uint8Array | undefined,
  ) {
    super();
  }
}

/** @throws BadPhoto */
export const RegisterCandidateHandler = handler(RegisterCandidate, {
  needs: [Vault, Photos],
  facts: async ({ person, status: { district, registeredPeriod }, photo }, vault, photos): Promise<Registration> => {
    const safe = await vault.findOrCreateSafe(identifiersOf(person));
    return {
      candidateId: safe.id,
      district,
      registeredPeriod,
      person: safe.seal(person),
      photo: photo && (await photos.put(safe, photo)),
      digest: safe.digest(person),
    };
  },
  stream: (_, { candidateId }) => candidateStream(candidateId),
  decider: candidate,
  decide: registerCandidate,
});
