import type { MasterKey, OfficerKey, VaultRow } from './master-key.js';
import { OpenSafe } from './safe.js';
import type { Identifiers, Safe } from './vault.js';

/** Check values of the master keys: of the present one, and during a rotation of the previous one. */
export interface KeyChecks {
  readonly check: Uint8Array;
  readonly before?: Uint8Array | undefined;
  /** Of the master key before the last complete rotation. */
  readonly former?: Uint8Array | undefined;
}

/** A vault during a rotation of its master key. No process of the centre may use it meanwhile. */
export abstract class VaultUnderRotation {
  abstract checks(): Promise<KeyChecks>;

  /** Until `finish`, the vault cannot be opened. */
  abstract begin(check: Uint8Array, before: Uint8Array): Promise<void>;

  /** The check value given as `before` is kept as `former`. */
  abstract finish(): Promise<void>;

  /** The wrapped key of the tombstones; undefined in a vault of a release that had none. */
  abstract tombstoneKey(): Promise<Uint8Array | undefined>;

  abstract setTombstoneKey(wrapped: Uint8Array): Promise<void>;

  /** The keys of all officers: a few hundred at most. */
  abstract officerKeys(): Promise<readonly OfficerKey[]>;

  /** Replaces keys by their ids, all or none where the store has transactions. */
  abstract setOfficerKeys(keys: readonly OfficerKey[]): Promise<void>;

  abstract count(): Promise<number>;

  /** Up to `limit` rows in the order of their ids. */
  abstract rows(after: string | undefined, limit: number): Promise<readonly VaultRow[]>;

  /** Replaces rows by their ids, and deletes others. Durable when it resolves. */
  abstract write(replaced: readonly VaultRow[], deleted: readonly string[]): Promise<void>;

  abstract close(): Promise<void>;
}

/** Reads each candidate's identifiers from the log; undefined for one of whom nothing is recorded. */
export type IdentifyCandidates = (safes: readonly Safe[]) => Promise<readonly (Identifiers | undefined)[]>;

export interface RotationOptions {
  /** Deletes rows of candidates of whom nothing is recorded, such as those of a killed import. Otherwise such rows are refused. */
  readonly dropUnregistered?: boolean | undefined;
  /** Rows that are changed at a time. Default 500. */
  readonly page?: number;
  /** Called for both phases, with the rows done and the rows in total. */
  readonly progress: (phase: 'check' | 'change', done: number, total: number) => void;
}

/** How many keys of candidates were rewrapped, and how many rows were deleted. */
export interface RotationResult {
  readonly changed: number;
  readonly dropped: number;
}

/** The keys or the log do not belong to the vault. Nothing was changed. The message is for the operator. */
export class BadRotation extends Error {
  override readonly name = 'BadRotation';
}

/** The vault has candidates of whom the log knows nothing; they can be deleted by `dropUnregistered`. */
export class UnregisteredCandidates extends BadRotation {
  constructor(unregistered: number, total: number) {
    const says = `${unregistered} 位考生在密钥库中，但没有任何登记事件，可能是导入中断留下的：请再次运行那次导入`;
    super(`${says}（共 ${total} 位；如果所差很多，事件库可能不是这个密钥库的）`);
  }
}

const PAGE = 500;

/**
 * Rotates a vault's master key: rewraps each officer's and each candidate's key, and recomputes the hashes from the candidate's data in the log, so that the
 * old key finds nobody. Sealed values do not change. Everything is checked before anything is changed. A killed rotation continues when
 * it is run again.
 * @throws BadRotation
 */
export async function rotateMasterKey(
  vault: VaultUnderRotation,
  { old, next }: { readonly old: MasterKey; readonly next: MasterKey },
  identify: IdentifyCandidates,
  { dropUnregistered = false, page = PAGE, progress }: RotationOptions,
): Promise<RotationResult> {
  const isDone = assertKeysFit(await vault.checks(), old, next);
  const officerKeys = rewrappedOfficerKeys(await vault.officerKeys(), old, next);
  const total = await vault.count();
  let [seen, due, unregistered] = [0, 0, 0];
  for await (const rows of pagesOf(vault, page)) {
    const pending = await rowsUnderOldKey(rows, old, next, identify);
    for (const { row, identifiers } of pending) if (identifiers) assertSameHash(old.admissionHash(identifiers.admissionNo), row.admission);
    due += pending.length;
    unregistered += pending.filter(({ identifiers }) => !identifiers).length;
    seen += rows.length;
    progress('check', seen, total);
  }
  if (unregistered > 0 && !dropUnregistered) {
    throw new UnregisteredCandidates(unregistered, total);
  }
  if (isDone && due === 0 && officerKeys.length === 0) return { changed: 0, dropped: 0 };
  await vault.begin(next.checkValue(), old.checkValue());
  await rewrapTombstoneKey(vault, old, next);
  if (officerKeys.length > 0) await vault.setOfficerKeys(officerKeys);
  let [done, changed, dropped] = [0, 0, 0];
  for await (const rows of pagesOf(vault, page)) {
    const pending = await rowsUnderOldKey(rows, old, next, identify);
    const replaced = pending.flatMap(({ row: { id }, key, identifiers }) =>
      identifiers ? [{ id, ...next.hashes(identifiers), wrapped: next.wrap(id, key) }] : [],
    );
    const deleted = pending.flatMap(({ row, identifiers }) => (identifiers ? [] : [row.id]));
    if (pending.length > 0) await vault.write(replaced, deleted);
    changed += replaced.length;
    dropped += deleted.length;
    done += rows.length;
    progress('change', done, total);
  }
  await vault.finish();
  return { changed, dropped };
}

/** @returns whether this rotation was completed before */
function assertKeysFit({ check, before, former }: KeyChecks, old: MasterKey, next: MasterKey): boolean {
  const isOf = (value: Uint8Array | undefined, key: MasterKey) => value !== undefined && Buffer.from(key.checkValue()).equals(value);
  if (isOf(old.checkValue(), next)) throw new BadRotation('MASTER_KEY 与 MASTER_KEY_OLD 相同：没有要更换的');
  if (before) {
    if (isOf(check, next) && isOf(before, old)) return false;
    throw new BadRotation('上一次更换没有完成：请用那一次的 MASTER_KEY 和 MASTER_KEY_OLD 再次运行');
  }
  if (isOf(check, old)) return false;
  if (isOf(check, next) && isOf(former, old)) return true;
  throw new BadRotation(
    isOf(check, next)
      ? 'MASTER_KEY 已经是这个密钥库现在的主密钥，而 MASTER_KEY_OLD 不是它以前的：如果要换成后者，请把两者对调'
      : 'MASTER_KEY_OLD 不是这个密钥库现在的主密钥（MASTER_KEY 是新的，MASTER_KEY_OLD 是现在的）',
  );
}

async function rewrapTombstoneKey(vault: VaultUnderRotation, old: MasterKey, next: MasterKey): Promise<void> {
  const wrapped = await vault.tombstoneKey();
  const rewrapped = wrapped && next.rewrappedTombstoneKey(wrapped, old);
  if (rewrapped) await vault.setTombstoneKey(rewrapped);
}

/** Those that are still under the old key, under the next one. */
function rewrappedOfficerKeys(keys: readonly OfficerKey[], old: MasterKey, next: MasterKey): readonly OfficerKey[] {
  return keys.flatMap(({ id, wrapped }) => {
    if (next.unwrap(id, wrapped)) return [];
    const key = old.unwrap(id, wrapped);
    if (!key) throw new BadRotation(`账号 ${id} 的密钥用两个主密钥都打不开：密钥库已损坏`);
    return [{ id, wrapped: next.wrap(id, key) }];
  });
}

function assertSameHash(hash: Uint8Array, kept: Uint8Array): void {
  if (!Buffer.from(hash).equals(kept)) throw new BadRotation('密钥库与事件不符：准考证号不同，事件库可能不是这个密钥库的');
}

interface PendingRow {
  readonly row: VaultRow;
  readonly key: Uint8Array;
  readonly identifiers: Identifiers | undefined;
}

/** The rows that are still under the old key. */
async function rowsUnderOldKey(rows: readonly VaultRow[], old: MasterKey, next: MasterKey, identify: IdentifyCandidates): Promise<readonly PendingRow[]> {
  const pending = rows.flatMap((row) => {
    if (next.unwrap(row.id, row.wrapped)) return [];
    const key = old.unwrap(row.id, row.wrapped);
    if (!key) throw new BadRotation(`考生 ${row.id} 的密钥用两个主密钥都打不开：密钥库已损坏`);
    return [{ row, key }];
  });
  const identifiers = await identify(pending.map(({ row, key }) => new OpenSafe(row.id, key)));
  return pending.map((each, at) => ({ ...each, identifiers: identifiers[at] }));
}

async function* pagesOf(vault: VaultUnderRotation, limit: number): AsyncGenerator<readonly VaultRow[]> {
  for (let after: string | undefined; ; ) {
    const rows = await vault.rows(after, limit);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1)?.id;
  }
}
