import type { Hashes, MasterKey } from './master-key.js';
import { OpenSafe } from './safe.js';
import type { Identifiers, Safe } from './vault.js';

/** A candidate's row: all of it but the id depends on the master key. */
export interface VaultRow extends Hashes {
  readonly id: string;
  readonly wrapped: Uint8Array;
}

/** By what a vault tells its master keys: the one that it opens with, and while it is given that one, the one before. */
export interface KeyChecks {
  readonly check: Uint8Array;
  readonly before?: Uint8Array | undefined;
}

/** A vault while it is given another master key. No centre may be at work on it. */
export abstract class VaultUnderRotation {
  abstract checks(): Promise<KeyChecks>;

  /** From now on it opens for nobody, until `finish`. */
  abstract begin(check: Uint8Array, before: Uint8Array): Promise<void>;

  abstract finish(): Promise<void>;

  abstract count(): Promise<number>;

  /** Up to `limit` rows in the order of their ids. */
  abstract rows(after: string | undefined, limit: number): Promise<readonly VaultRow[]>;

  /** Writes rows over those with their ids, and deletes others; durable when it answers. */
  abstract write(replaced: readonly VaultRow[], deleted: readonly string[]): Promise<void>;

  abstract close(): Promise<void>;
}

/** By what each candidate is found, from the log; undefined for one of whom nothing is recorded. */
export type Identify = (safes: readonly Safe[]) => Promise<readonly (Identifiers | undefined)[]>;

export interface RotationOptions {
  /** Deletes rows of which nothing is recorded, such as those of an import that was killed; otherwise they are a refusal. */
  readonly dropUnregistered?: boolean | undefined;
  /** How many rows are changed at a time. Default 500. */
  readonly page?: number;
  /** How many rows are done, of how many, in checking all and then in changing them. */
  readonly progress: (phase: 'check' | 'change', done: number, total: number) => void;
}

/** How many keys were wrapped anew, and how many rows of which nothing was recorded are gone. */
export interface Rotated {
  readonly changed: number;
  readonly dropped: number;
}

/** The keys do not fit the vault, or the log does not; nothing was changed. Its message is for whoever runs the command. */
export class BadRotation extends Error {
  override readonly name = 'BadRotation';
}

const PAGE = 500;

/**
 * Gives a vault another master key: each candidate's own key is wrapped by it, and the hashes are made anew from what the
 * log says of the candidate, so that whoever had the old key can find nobody by it. What is sealed stays as it is. All is
 * checked before anything is changed. Killed, it goes on from there when it is run again.
 * @throws BadRotation
 */
export async function rotate(
  vault: VaultUnderRotation,
  { old, next }: { readonly old: MasterKey; readonly next: MasterKey },
  identify: Identify,
  { dropUnregistered = false, page = PAGE, progress }: RotationOptions,
): Promise<Rotated> {
  assertFitting(await vault.checks(), old, next);
  const total = await vault.count();
  let [seen, due, unregistered] = [0, 0, 0];
  for await (const rows of pagesOf(vault, page)) {
    const still = await whoseKeyIsOld(rows, old, next, identify);
    for (const { row, identifiers } of still) if (identifiers) assertSame(old.admissionHash(identifiers.admissionNo), row.admission);
    due += still.length;
    unregistered += still.filter(({ identifiers }) => !identifiers).length;
    seen += rows.length;
    progress('check', seen, total);
  }
  if (unregistered > 0 && !dropUnregistered) {
    throw new BadRotation(
      `${unregistered} 位考生在密钥库中，但没有任何登记事件，可能是导入中断留下的：请再次运行那次导入，或者用 --drop-unregistered 删除它们（共 ${total} 位；如果所差很多，事件库可能不是这个密钥库的）`,
    );
  }
  if (due > 0) await vault.begin(next.checkValue(), old.checkValue());
  let [done, changed, dropped] = [0, 0, 0];
  for await (const rows of pagesOf(vault, page)) {
    const still = await whoseKeyIsOld(rows, old, next, identify);
    const replaced = still.flatMap(({ row: { id }, key, identifiers }) =>
      identifiers ? [{ id, ...next.hashes(identifiers), wrapped: next.wrapped(id, key) }] : [],
    );
    const deleted = still.flatMap(({ row, identifiers }) => (identifiers ? [] : [row.id]));
    if (still.length > 0) await vault.write(replaced, deleted);
    changed += replaced.length;
    dropped += deleted.length;
    done += rows.length;
    progress('change', done, total);
  }
  await vault.finish();
  return { changed, dropped };
}

function assertFitting({ check, before }: KeyChecks, old: MasterKey, next: MasterKey): void {
  const is = (value: Uint8Array | undefined, key: MasterKey) => value !== undefined && Buffer.from(key.checkValue()).equals(value);
  if (is(old.checkValue(), next)) throw new BadRotation('MASTER_KEY 与 MASTER_KEY_OLD 相同：没有要更换的');
  if (before ? is(check, next) && is(before, old) : is(check, old) || is(check, next)) return;
  throw new BadRotation(
    before
      ? '上一次更换没有完成：请用那一次的 MASTER_KEY 和 MASTER_KEY_OLD 再次运行'
      : 'MASTER_KEY_OLD 不是这个密钥库现在的主密钥（MASTER_KEY 是新的，MASTER_KEY_OLD 是现在的）',
  );
}

function assertSame(hash: Uint8Array, kept: Uint8Array): void {
  if (!Buffer.from(hash).equals(kept)) throw new BadRotation('密钥库与事件不符：准考证号不同，事件库可能不是这个密钥库的');
}

interface Due {
  readonly row: VaultRow;
  readonly key: Uint8Array;
  readonly identifiers: Identifiers | undefined;
}

/** The rows that are still to be changed. */
async function whoseKeyIsOld(rows: readonly VaultRow[], old: MasterKey, next: MasterKey, identify: Identify): Promise<readonly Due[]> {
  const still = rows.flatMap((row) => {
    if (next.key(row.id, row.wrapped)) return [];
    const key = old.key(row.id, row.wrapped);
    if (!key) throw new BadRotation(`考生 ${row.id} 的密钥用两个主密钥都打不开：密钥库已损坏`);
    return [{ row, key }];
  });
  const identifiers = await identify(still.map(({ row, key }) => new OpenSafe(row.id, key)));
  return still.map((each, at) => ({ ...each, identifiers: identifiers[at] }));
}

async function* pagesOf(vault: VaultUnderRotation, limit: number): AsyncGenerator<readonly VaultRow[]> {
  for (let after: string | undefined; ; ) {
    const rows = await vault.rows(after, limit);
    if (rows.length > 0) yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1)?.id;
  }
}
