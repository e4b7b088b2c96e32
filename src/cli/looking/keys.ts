import { resolve } from 'node:path';
import { problemsOfStores } from '../../composition/store-problems.js';
import { isVaultMissing, openEventStore, openVault } from '../../composition/stores.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { nearestKeys } from '../../read-models/nearest-keys.js';
import { bySubject, nameOf, type Projection } from '../../read-models/projection.js';
import type { Settings } from '../../settings/settings.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import type { Vault } from '../../vault/vault.js';
import { CommandRefused } from '../program/errors.js';

/**
 * The key of a document as it was typed: of a read model of candidates an admission number too.
 * @throws CommandRefused where nobody has that number
 */
export async function keyGiven(typed: string, projection: Projection, settings: Settings): Promise<string> {
  const [key] = await keysGiven([typed], projection, settings);
  return key ?? typed;
}

/** The same where the read model, or a build of it, is known by its name. */
export async function keyNamed(typed: string, name: string, code: readonly Projection[], settings: Settings): Promise<string> {
  const projection = code.find((each) => each.name === name.split('@')[0]);
  return projection ? keyGiven(typed, projection, settings) : typed;
}

/** Admission numbers that a sentence names. */
const MOST = 10;

/** The same of several. @throws CommandRefused where nobody has one of the numbers */
export async function keysGiven(typed: readonly string[], { key }: Pick<Projection, 'key'>, settings: Settings): Promise<readonly string[]> {
  const numbers = key === bySubject ? typed.map(normalisedNumber).filter(isAdmissionNo) : [];
  if (numbers.length === 0) return typed;
  const ids = await withVault(settings, (vault) => vault.find(numbers));
  const idOf = new Map(numbers.map((number, at) => [number, ids[at]]));
  const unknown = typed.filter((each) => idOf.has(normalisedNumber(each)) && idOf.get(normalisedNumber(each)) === undefined);
  if (unknown.length > 0) {
    await assertVaultFits(settings);
    const named = typed.length === 1 ? '' : `：${unknown.slice(0, MOST).join('、')}${unknown.length > MOST ? ` 等 ${unknown.length} 个` : ''}`;
    throw new CommandRefused('candidate.unknown', `没有这个准考证号${named}`);
  }
  return typed.map((each) => idOf.get(normalisedNumber(each)) ?? each);
}

/** That a build has no document under a key; it names the nearest keys that it has. */
export async function unknownKey(key: string, projection: Projection, builds: BuildStore): Promise<CommandRefused> {
  const named = await nearestKeys(key, [projection], builds);
  return new CommandRefused('unknown_key', `${nameOf(projection)} 中没有文档 ${key}${named}`);
}

/** The id of a candidate by admission number, or as it was typed. @throws CommandRefused where nobody has that number */
export async function candidateGiven(typed: string, settings: Settings): Promise<string> {
  const [id] = await keysGiven([typed], { key: bySubject }, settings);
  return id ?? typed;
}

/** So that nobody is said not to be there by a vault that does not belong to the log, or has lost somebody. @throws CommandRefused */
export async function assertVaultFits(settings: Settings): Promise<void> {
  const events = await openEventStore(settings, async () => []); // nobody's streams are asked for
  const { blocking } = await problemsOfStores(settings, events).finally(() => events.close());
  if (blocking[0]) throw new CommandRefused('unusable_store', blocking[0].says);
}

/** Opens the vault for as long as the work takes. @throws CommandRefused where there is none: it is not made to look into it */
export async function withVault<T>(settings: Settings, work: (vault: Vault) => Promise<T>): Promise<T> {
  if (isVaultMissing(settings)) throw new CommandRefused('no_data', `${resolve(settings.DATA_DIR)} 中没有 vault.sqlite，不能按准考证号查找`);
  const vault = await openVault(settings);
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}
