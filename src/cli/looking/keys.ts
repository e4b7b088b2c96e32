import { resolve } from 'node:path';
import { isVaultMissing, openVault } from '../../composition/stores.js';
import { bySubject, type Projection } from '../../read-models/projection.js';
import type { Settings } from '../../settings/settings.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import type { Vault } from '../../vault/vault.js';
import { CommandRefused } from '../program/errors.js';

/**
 * The key of a document as it was typed: of a read model of candidates an admission number too.
 * @throws CommandRefused where nobody has that number
 */
export async function keyGiven(typed: string, { key }: Projection, settings: Settings): Promise<string> {
  const number = normalisedNumber(typed);
  if (key !== bySubject || !isAdmissionNo(number)) return typed;
  const id = await candidateWith(number, settings);
  if (id === undefined) throw new CommandRefused('candidate.unknown', '没有这个准考证号');
  return id;
}

/** The same where the read model, or a build of it, is known by its name. */
export async function keyNamed(typed: string, name: string, code: readonly Projection[], settings: Settings): Promise<string> {
  const projection = code.find((each) => each.name === name.split('@')[0]);
  return projection ? keyGiven(typed, projection, settings) : typed;
}

/** The id of the candidate with an admission number. @throws CommandRefused where there is no vault, which is not made to look */
async function candidateWith(admissionNo: string, settings: Settings): Promise<string | undefined> {
  if (isVaultMissing(settings)) throw new CommandRefused('no_data', `${resolve(settings.DATA_DIR)} 中没有 vault.sqlite，不能按准考证号查找`);
  const [id] = await withVault(settings, (vault) => vault.find([admissionNo]));
  return id;
}

/** Opens the vault for as long as the work takes. */
export async function withVault<T>(settings: Settings, work: (vault: Vault) => Promise<T>): Promise<T> {
  const vault = await openVault(settings);
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}
