import type { Appended } from '../event-store/append.js';
import { Command } from '../event-store/command.js';
import type { Given } from '../event-store/decider.js';
import { EventStore } from '../event-store/event-store.js';
import { handlerBy } from '../event-store/handler.js';
import { normalizedPhoto } from '../vault/photo.js';
import { PhotoIntake, photoDigest } from '../vault/photos.js';
import { type Identifiers, type Safe, Safes } from '../vault/vault.js';
import type { Candidate, RegistrationStatus } from './candidate.decider.js';
import { candidate, registerCandidate } from './candidate.decider.js';
import { followIdentity, identifiersOf } from './identifiers.js';
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

/**
 * What is decided first is written later: a refused registration leaves vault and photos as they were. The photo is stored
 * before the event that names it, and the vault follows the event by which name or citizen number changed.
 * @throws BadPhoto
 */
export const RegisterCandidateHandler = handlerBy(RegisterCandidate, [EventStore, Safes, PhotoIntake], async (command, events, vault, photos) => {
  const { person, status, photo } = command;
  const identifiers = identifiersOf(person);
  const known = await vault.findOne(person.admissionNo);
  const safe = known === undefined ? await admitted(identifiers, photo, vault, photos) : await vault.safe(known);
  const { district, registeredPeriod } = status;
  const registration = (): Registration => ({
    candidateId: safe.id,
    district,
    registeredPeriod,
    person: safe.seal(person),
    photo: photo && photoDigest(safe, photo),
    digest: safe.digest(person),
  });
  const prepare = known !== undefined && photo ? async () => void (await photos.put(safe, photo)) : undefined;
  const decide = (state: Candidate) => registerCandidate(state, command, registration());
  const appended = await events.decide(command, candidateStream(safe.id), candidate, decide, prepare);
  if (prepare && appended.recorded === 0) await prepare(); // a damaged photo is replaced by the same one
  await followIdentity(events, vault, safe.id, appended, identifiers);
  return appended;
});

/**
 * The safe of a new candidate, whose registration nothing can refuse. Its key must be durable before anything is sealed by it; a crash
 * before the first event leaves a row that the next registration of the number finds. A bad photo leaves nothing.
 */
async function admitted(identifiers: Identifiers, photo: Uint8Array | undefined, vault: Safes, photos: PhotoIntake): Promise<Safe> {
  const normalized = photo && (await normalizedPhoto(photo));
  const safe = await vault.findOrCreateSafe(identifiers);
  if (photo) await photos.put(safe, photo, normalized);
  return safe;
}
