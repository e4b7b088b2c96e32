import { type Position, type Recorded, START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { known } from '../../event-store/fold-history.js';
import { normalisedNumber } from '../../vault/numbers.js';
import type { Safe, Sealed, Vault } from '../../vault/vault.js';
import type { Everywhere, PasswordHash, Person, RegistrationEvent } from '../registrations.events.js';
import { candidateStream } from '../registrations.streams.js';

/** The password that opens a number, as the log says it now. */
export interface PasswordInForce {
  /** The event by which it was set. At another number, or by a better hash, the same password has the same. */
  readonly setting: string;
  readonly password: Sealed<PasswordHash>;
  /** Of the number at which it is kept: opens it. */
  readonly safe: Safe;
  /** The last that is recorded at the number itself, where any is. */
  readonly own?: Sealed<PasswordHash>;
}

/** A password as the stream of one number says it. */
interface Setting {
  readonly id: string;
  readonly position: Position;
  readonly password: Sealed<PasswordHash>;
  readonly everywhere?: Everywhere;
}

/**
 * The number's own password, or one that the person has set since at another number for this one too. What an import brings is behind
 * whatever the person has set.
 * @returns undefined where there is none, or the candidate is forgotten
 * @throws StoreUnavailable also where the streams of the person's numbers hold what a newer release recorded
 */
export async function passwordInForce(candidateId: string, events: EventStore, vault: Vault): Promise<PasswordInForce | undefined> {
  const [[history = []], safe] = await Promise.all([events.streams([candidateStream(candidateId).name]), vault.safe(candidateId)]);
  const own = known<RegistrationEvent>(history);
  const others = await otherNumbers(own, safe, vault);
  const ofOthers = (await events.streams(others.map(({ id }) => candidateStream(id).name))).map((each) => known<RegistrationEvent>(each));
  const setOwn = lastSetting(own, new Map(ofOthers.flat().map(({ id, position }) => [id, position])));
  const settings = ofOthers.flatMap((each, at) => {
    const other = others[at];
    const setting = lastSetting(each);
    return other && setting?.everywhere && other.open(setting.everywhere.others)?.includes(candidateId) ? [{ ...setting, safe: other }] : [];
  });
  const [first, ...rest] = [...(setOwn ? [{ ...setOwn, safe }] : []), ...settings];
  if (!first) return undefined;
  const newest = rest.reduce((one, other) => (other.position > one.position ? other : one), first);
  return { setting: newest.id, password: newest.password, safe: newest.safe, ...(setOwn && { own: setOwn.password }) };
}

/** The safes of the person's other numbers. */
async function otherNumbers(own: readonly Recorded<RegistrationEvent>[], safe: Safe, vault: Vault): Promise<readonly Safe[]> {
  const sealed = own.reduce<Sealed<Person> | undefined>((last, { data }) => ('person' in data ? data.person : last), undefined);
  const person = sealed && safe.open(sealed);
  if (!person) return [];
  const namesakes = await vault.findByCitizenNo(normalisedNumber(person.idNo), person.name);
  return vault.safes(namesakes.filter(({ id, sameName }) => sameName && id !== safe.id).map(({ id }) => id));
}

/**
 * One that follows another number's stands where that was set: it may be recorded long after.
 * @param ofOthers where events of the other numbers are, by their ids
 */
function lastSetting(history: readonly Recorded<RegistrationEvent>[], ofOthers: ReadonlyMap<string, Position> = new Map()): Setting | undefined {
  let last: Setting | undefined;
  for (const { id, type, data, position, metadata } of history) {
    if (type !== 'PasswordSet') continue;
    const { password, everywhere, copyOf, rehashed } = data;
    const set = metadata.origin === 'import' ? START : (ofOthers.get(copyOf ?? id) ?? position);
    last = rehashed && last ? { ...last, password } : { id: copyOf ?? id, position: set, password, ...(everywhere && { everywhere }) };
  }
  return last;
}
