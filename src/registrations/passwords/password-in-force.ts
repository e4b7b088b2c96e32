import { type Position, type Recorded, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { readableEvents } from '../../event-store/reading/fold-history.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Safe, Sealed, Vault } from '../../vault/vault.js';
import { identifiersIn } from '../identifiers.js';
import { sinceVoided } from '../person.js';
import type { Everywhere, PasswordHash, RegistrationEvent } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';

/** The password that is valid at an admission number now, by the log. */
export interface PasswordInForce {
  /** The event by which it was set. Copies at other numbers and better hashes of the password keep it. */
  readonly passwordEvent: string;
  readonly password: Sealed<PasswordHash>;
  /** Opens it: the safe of the number at which it is stored. */
  readonly safe: Safe;
  /** The last password recorded at the number itself. */
  readonly own?: Sealed<PasswordHash>;
}

/** A password by the stream of one number. */
interface PasswordSetting {
  readonly id: string;
  readonly position: Position;
  readonly password: Sealed<PasswordHash>;
  readonly everywhere?: Everywhere;
}

/**
 * The number's own password, or one that the person has set later at another number for all numbers. An imported password counts as
 * older than any that the person has set.
 * @returns undefined where there is none, or the candidate is forgotten
 * @throws StoreUnavailable also where the streams of the person's numbers hold what a newer release recorded
 */
export async function passwordInForce(candidateId: string, events: EventStore, vault: Vault): Promise<PasswordInForce | undefined> {
  const [[history = []], safe] = await Promise.all([events.streams([candidateStream(candidateId).name]), vault.safe(candidateId)]);
  const own = sinceVoided(readableEvents<RegistrationEvent>(history));
  const others = await otherNumbers(own, safe, vault);
  const ofOthers = (await events.streams(others.map(({ id }) => candidateStream(id).name))).map((each) => readableEvents<RegistrationEvent>(each));
  const setOwn = lastSetting(own, new Map(ofOthers.flat().map(({ id, position }) => [id, position])));
  const settings = ofOthers.flatMap((each, at) => {
    const other = others[at];
    const setting = lastSetting(each);
    return other && setting?.everywhere && other.open(setting.everywhere.others)?.includes(candidateId) ? [{ ...setting, safe: other }] : [];
  });
  const [first, ...rest] = [...(setOwn ? [{ ...setOwn, safe }] : []), ...settings];
  if (!first) return undefined;
  const newest = rest.reduce((one, other) => (other.position > one.position ? other : one), first);
  return { passwordEvent: newest.id, password: newest.password, safe: newest.safe, ...(setOwn && { own: setOwn.password }) };
}

/** The safes of the person's other numbers. */
async function otherNumbers(own: readonly Recorded<RegistrationEvent>[], safe: Safe, vault: Vault): Promise<readonly Safe[]> {
  const person = identifiersIn(own, safe);
  if (!person) return [];
  const known = await vault.findByCitizenNo(normalisedNumber(person.citizenNo), person.name);
  return vault.safes(known.filter(({ id, sameName }) => sameName && id !== safe.id).map(({ id }) => id));
}

/**
 * A copy of another number's password has the position of the original, since it may be recorded long after.
 * @param ofOthers the positions of the other numbers' events, by event id
 */
function lastSetting(history: readonly Recorded<RegistrationEvent>[], ofOthers: ReadonlyMap<string, Position> = new Map()): PasswordSetting | undefined {
  let last: PasswordSetting | undefined;
  for (const { id, type, data, position, metadata } of history) {
    if (type !== 'PasswordSet') continue;
    const { password, everywhere, copyOf, rehashed } = data;
    const set = metadata.origin === 'import' ? START : (ofOthers.get(copyOf ?? id) ?? position);
    last = rehashed && last ? { ...last, password } : { id: copyOf ?? id, position: set, password, ...(everywhere && { everywhere }) };
  }
  return last;
}
