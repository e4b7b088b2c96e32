import { openVault } from '../../composition/stores.js';
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

/** The id of the candidate with an admission number. */
async function candidateWith(admissionNo: string, settings: Settings): Promise<string | undefined> {
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
