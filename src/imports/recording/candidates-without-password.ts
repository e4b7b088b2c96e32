import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { sinceVoided } from '../../registrations/person.js';
import type { RegistrationEvent } from '../../registrations/registrations.events.js';
import { candidateStream } from '../../registrations/registrations.streams.js';
import type { Vault } from '../../vault/vault.js';

/** The given registered candidates who have no password yet, with their ids. @throws StoreUnavailable */
export async function candidatesWithoutPassword<Given extends { readonly number: string }>(
  given: readonly Given[],
  events: Pick<EventStore, 'streams'>,
  vault: Pick<Vault, 'find'>,
): Promise<readonly (Given & { readonly id: string })[]> {
  const ids = await vault.find(given.map(({ number }) => number));
  const admitted = given.flatMap((each, at) => {
    const id = ids[at];
    return id === undefined ? [] : [{ ...each, id }];
  });
  const histories = await events.streams(admitted.map(({ id }) => candidateStream(id).name));
  return admitted.filter((_, at) => {
    const types = new Set(sinceVoided(readableEvents<RegistrationEvent>(histories[at] ?? [])).map(({ type }) => type));
    return types.has('CandidateRegistered') && !types.has('PasswordSet') && !types.has('CandidateForgotten');
  });
}
