import { damagedVault, type MasterKey, UnfinishedRotation, WrongMasterKey } from './master-key.js';

/** What a vault that is opened has beside its keys. */
export interface VaultMarks {
  readonly check?: Uint8Array | undefined;
  /** Of the master key before, during a rotation. */
  readonly before?: Uint8Array | undefined;
  readonly tombstoneKey?: Uint8Array | undefined;
  /** Whether it has keys of candidates or officers. */
  readonly hasKeys: boolean;
  /** Whether it must have a key of tombstones: it has some, or this release has worked with it. */
  readonly hasTombstones: boolean;
}

/**
 * The values that a new vault gets, and one of a release that had no tombstones. A vault that has lost them gets none: with others,
 * nothing of it could be opened or recognised.
 * @param vault what it is called in messages
 * @throws WrongMasterKey, UnfinishedRotation, DamagedFile
 */
export function newMarks(
  { check, before, tombstoneKey, hasKeys, hasTombstones }: VaultMarks,
  master: MasterKey,
  vault: string,
): Pick<VaultMarks, 'check' | 'tombstoneKey'> {
  if (before) throw new UnfinishedRotation(vault);
  if (!check && hasKeys) throw damagedVault(`${vault} 缺少主密钥的校验值`);
  if (check && !Buffer.from(master.checkValue()).equals(check)) throw new WrongMasterKey(vault);
  if (!tombstoneKey && hasTombstones) throw damagedVault(`${vault} 缺少识别已删除号码的密钥`);
  if (tombstoneKey && !master.opensTombstones(tombstoneKey)) throw damagedVault(`${vault} 中识别已删除号码的密钥打不开`);
  return { ...(!check && { check: master.checkValue() }), ...(!tombstoneKey && { tombstoneKey: master.newTombstoneKey() }) };
}
