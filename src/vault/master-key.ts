import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { RESTORE } from '../sqlite/remedies.js';
import { DamagedFile } from '../sqlite/sqlite-errors.js';
import { decrypt, encrypt, pooledRandomBytes } from './aes.js';
import { formerNormalisedName, normalisedName } from './names.js';
import { normalisedNumber } from './numbers.js';
import { OpenSafe } from './safe.js';
import type { Identifiers, InspectedRow, Safe } from './vault.js';

const CHECKED_TEXT = 'the master key that this vault was made with';

/** The vault was created with another master key, so none of its keys could be unwrapped. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
  constructor(vault: string) {
    super(`MASTER_KEY 不是 ${vault} 的主密钥：请换回原来的主密钥，否则其中的资料都打不开；如果换了的是密钥库，${RESTORE}`);
  }
}

/** A rotation of the vault's master key was interrupted. The vault can be opened when the rotation is complete. */
export class UnfinishedRotation extends Error {
  override readonly name = 'UnfinishedRotation';
  constructor(vault: string) {
    super(`${vault} 的主密钥正在更换，上一次没有完成：请用那一次的 MASTER_KEY 和 MASTER_KEY_OLD 再次运行 rotate-master-key，完成后再启动`);
  }
}

/** Something of the vault is lost or was changed. The message says what, and what the operator can do. */
export function damagedVault(what: string): DamagedFile {
  return new DamagedFile(`密钥库（vault）已损坏（${what}）：${RESTORE}`);
}

/** Keyed hashes by which a vault's row is found: the vault's file alone reveals no number. */
export interface Hashes {
  readonly admission: Uint8Array;
  readonly citizen: Uint8Array;
  readonly name: Uint8Array;
}

/** A candidate's row. Everything except the id depends on the master key. */
export interface VaultRow extends Hashes {
  readonly id: string;
  readonly wrapped: Uint8Array;
}

/** An officer's key as it is stored: `id` is what it is wrapped for, so that no account's key passes for a candidate's. */
export interface OfficerKey {
  readonly id: string;
  readonly wrapped: Uint8Array;
}

/** What an officer's key is wrapped for. */
export function officerKeyId(account: string): string {
  return `officer-${account}`;
}

/** What the key of tombstones is wrapped as, in place of a candidate's id. */
const TOMBSTONES = 'tombstones';

/** The master key's operations, for every implementation of the vault. Each purpose has its own subkey (HKDF). */
export class MasterKey {
  private readonly wrapping: KeyObject;
  private readonly admission: KeyObject;
  private readonly citizen: KeyObject;
  private readonly name: KeyObject;
  private readonly check: KeyObject;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new Error('a master key has 32 bytes');
    const subkey = (purpose: string) => createSecretKey(new Uint8Array(hkdfSync('sha256', key, '', `personal-centre vault ${purpose}`, 32)));
    this.wrapping = subkey('wrapping');
    this.admission = subkey('admission number');
    this.citizen = subkey('citizen number');
    this.name = subkey('name');
    this.check = subkey('check');
  }

  /** Stored in the vault to check later whether it was created with this key. */
  checkValue(): Uint8Array {
    return hash(this.check, CHECKED_TEXT);
  }

  hashes({ admissionNo, citizenNo, name }: Identifiers): Hashes {
    return { admission: this.admissionHash(admissionNo), citizen: this.citizenHash(citizenNo), name: this.nameHash(name) };
  }

  admissionHash(admissionNo: string): Uint8Array {
    return hash(this.admission, normalisedNumber(admissionNo));
  }

  citizenHash(citizenNo: string): Uint8Array {
    return hash(this.citizen, normalisedNumber(citizenNo));
  }

  nameHash(name: string): Uint8Array {
    return hash(this.name, normalisedName(name));
  }

  /** The possible hashes of a name: by the present rule, and by the former rule in a vault whose names are not rehashed yet. Empty without a name. */
  nameHashes(name: string | undefined): readonly Uint8Array[] {
    return name === undefined ? [] : [this.nameHash(name), hash(this.name, formerNormalisedName(name))];
  }

  /** Creates a candidate's key: wrapped for the row, and as a safe. */
  newSafe(id: string): { wrapped: Uint8Array; safe: Safe } {
    const key = pooledRandomBytes(32);
    return { wrapped: this.wrap(id, key), safe: new OpenSafe(id, key) };
  }

  wrap(id: string, key: Uint8Array): Uint8Array {
    return encrypt(this.wrapping, id, key);
  }

  /** The unwrapped key; undefined when it was wrapped by another master key or is damaged. */
  unwrap(id: string, wrapped: Uint8Array): Uint8Array | undefined {
    try {
      return decrypt(this.wrapping, id, wrapped);
    } catch {
      return undefined; // authentication failed; the cipher reports no other reason
    }
  }

  /** Creates the key of a vault's tombstones, wrapped. It is random, so that a rotation keeps what was hashed with it. */
  newTombstoneKey(): Uint8Array {
    return this.wrap(TOMBSTONES, pooledRandomBytes(32));
  }

  /** The tombstone key wrapped by this master key, which another had wrapped; undefined when this one has wrapped it already. @throws Error when neither has */
  rewrappedTombstoneKey(wrapped: Uint8Array, old: MasterKey): Uint8Array | undefined {
    if (this.unwrap(TOMBSTONES, wrapped)) return undefined;
    return this.wrap(TOMBSTONES, decrypt(old.wrapping, TOMBSTONES, wrapped));
  }

  /** Whether the key of tombstones can be unwrapped. */
  opensTombstones(wrapped: Uint8Array): boolean {
    return this.unwrap(TOMBSTONES, wrapped) !== undefined;
  }

  /** The hash by which a forgotten candidate's admission number is recognised. */
  tombstone(wrappedKey: Uint8Array, admissionNo: string): Uint8Array {
    return hash(createSecretKey(decrypt(this.wrapping, TOMBSTONES, wrappedKey)), normalisedNumber(admissionNo));
  }

  /** The hash by which an erased candidate's id is recognised; it stands among the tombstones. */
  erasure(wrappedKey: Uint8Array, id: string): Uint8Array {
    return this.tombstone(wrappedKey, `candidate ${id}`);
  }

  /** @throws DamagedFile when the key cannot be unwrapped */
  safe(id: string, wrapped: Uint8Array): Safe {
    const key = this.unwrap(id, wrapped);
    if (!key) throw damagedVault(`${id} 的密钥打不开`);
    return new OpenSafe(id, key);
  }

  /** The ids of those keys that cannot be unwrapped. */
  unusable(keys: readonly OfficerKey[]): readonly string[] {
    return keys.filter(({ id, wrapped }) => this.unwrap(id, wrapped) === undefined).map(({ id }) => id);
  }

  inspected({ id, admission, citizen, name, wrapped }: VaultRow): InspectedRow {
    const key = this.unwrap(id, wrapped);
    const isOf = (hash: Uint8Array, stored: Uint8Array) => Buffer.from(hash).equals(stored);
    return {
      id,
      safe: key && new OpenSafe(id, key),
      hasNumber: (admissionNo) => isOf(this.admissionHash(admissionNo), admission),
      hasPerson: (person) => isOf(this.citizenHash(person.citizenNo), citizen) && this.nameHashes(person.name).some((hash) => isOf(hash, name)),
    };
  }
}

/** The first half of the HMAC: 128 bits are enough to avoid collisions, and halve the indexes. */
function hash(key: KeyObject, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16);
}
