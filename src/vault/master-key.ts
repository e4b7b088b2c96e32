import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { decrypt, encrypt, random } from './aes.js';
import { formerNormalisedName, normalisedName } from './names.js';
import { normalisedNumber } from './numbers.js';
import { OpenSafe } from './safe.js';
import type { Identifiers, Safe } from './vault.js';

const CHECKED = 'the master key that this vault was made with';

/** An existing vault was made with another master key: none of its keys would open. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
  constructor(vault: string) {
    super(`MASTER_KEY is not the one that ${vault} was made with; give the old key back, or nothing in it can be read`);
  }
}

/** A vault between two master keys: it opens when it has the new one whole. */
export class UnfinishedRotation extends Error {
  override readonly name = 'UnfinishedRotation';
  constructor(vault: string) {
    super(`the master key of ${vault} was being changed: run rotate-master-key again with the same two keys`);
  }
}

/** By what a vault's row is found: keyed hashes, so that the vault tells no number to who has only its file. */
export interface Hashes {
  readonly admission: Uint8Array;
  readonly citizen: Uint8Array;
  readonly name: Uint8Array;
}

/** What every implementation of the vault does with the master key: each purpose has a subkey of its own (HKDF). */
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

  /** Kept beside the rows: tells whether a vault was made with this key. */
  checkValue(): Uint8Array {
    return hash(this.check, CHECKED);
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

  /** What a name's hash may be: by the present rule, or by the one before in a vault not yet hashed anew. None without a name. */
  nameHashes(name: string | undefined): readonly Uint8Array[] {
    return name === undefined ? [] : [this.nameHash(name), hash(this.name, formerNormalisedName(name))];
  }

  /** A candidate's new key: wrapped for the row, and the safe that it opens. */
  newSafe(id: string): { wrapped: Uint8Array; safe: Safe } {
    const key = random(32);
    return { wrapped: this.wrapped(id, key), safe: new OpenSafe(id, key) };
  }

  wrapped(id: string, key: Uint8Array): Uint8Array {
    return encrypt(this.wrapping, id, key);
  }

  /** The candidate's key itself; undefined when another master key has wrapped it, or it is damaged. */
  key(id: string, wrapped: Uint8Array): Uint8Array | undefined {
    try {
      return decrypt(this.wrapping, id, wrapped);
    } catch {
      return undefined; // the cipher tells by the tag alone, and gives no other reason
    }
  }

  safe(id: string, wrapped: Uint8Array): Safe {
    return new OpenSafe(id, decrypt(this.wrapping, id, wrapped));
  }
}

/** The first half of the HMAC: 128 bits tell all candidates apart, and halve the indexes. */
function hash(key: KeyObject, text: string): Uint8Array {
  return createHmac('sha256', key).update(text).digest().subarray(0, 16);
}
