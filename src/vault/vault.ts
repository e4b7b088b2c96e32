import DataLoader from 'dataloader';
import type { Position } from '../event-store/event.js';

declare const sealedValue: unique symbol;

/** A personal value encrypted with its candidate's key: base64url of nonce, ciphertext and tag. `T` is the value's type. */
export type Sealed<T> = string & { readonly [sealedValue]: T };

/** What a candidate is found by. Numbers are normalised first (numbers.ts). */
export interface Identifiers {
  readonly admissionNo: string;
  readonly citizenNo: string;
  readonly name: string;
}

/** Encrypts and decrypts personal values with one candidate's key. */
export interface Safe {
  readonly id: string;
  /** @throws Error when the candidate is forgotten: nothing may be recorded any more */
  seal<T>(value: T): Sealed<T>;
  /** Keyed digest of a value (JSON, base64url), to see whether a value has changed without opening it. */
  digest(value: unknown): string;
  /** The value, or undefined after the candidate was forgotten. @throws DamagedFile when it was sealed for another candidate or was changed */
  open<T>(sealed: Sealed<T>): T | undefined;
  /** As `seal` and `open`, for bytes such as a photo's. */
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(sealed: Uint8Array): Uint8Array | undefined;
}

/** By what a candidate is to be found beside the admission number, which never changes. */
export interface FoundBy extends Omit<Identifiers, 'admissionNo'> {
  readonly id: string;
}

/** A citizen number, and the name with which those that it finds are compared. */
export interface CitizenQuery {
  readonly citizenNo: string;
  readonly name?: string | undefined;
}

/** A candidate found by citizen number, and whether the given name matches too. */
export interface CitizenMatch {
  readonly id: string;
  readonly sameName: boolean;
}

/**
 * A position in the log with the id of its event, by which another log is detected. `candidates`: how many the log had registered and not
 * forgotten up to there; the vault has a row of each. Missing where an earlier release noted it.
 */
export interface LogCheckpoint {
  readonly position: Position;
  readonly eventId: string;
  readonly candidates?: number;
}

/** How far a vault's names are hashed by a rule (names.ts): up to and including candidate `after`, or all. */
export interface NameHashProgress {
  readonly rule: number;
  readonly after?: string;
  readonly done: boolean;
}

/** Which log a vault belongs to, and what is kept beside it. */
export interface VaultOwner {
  /** The installation's id. */
  readonly installation: string;
  /** Whether the folder of photos has held any. */
  readonly hasPhotos: boolean;
}

/** A candidate's name as it is hashed now. */
export interface NameRow {
  readonly safe: Safe;
  readonly hash: Uint8Array;
}

/** A name to rehash by the present rule, if its stored hash is still `hash`. */
export interface NameRehash {
  readonly id: string;
  readonly hash: Uint8Array;
  readonly name: string;
}

/** What commands need of the vault: candidates by admission number, and their safes. */
export abstract class Safes {
  private readonly safeOf = batched((ids: readonly string[]) => this.safes(ids));
  private readonly numbers = batched((admissionNos: readonly string[]) => this.find(admissionNos));
  private readonly foundBy = batched((people: readonly FoundBy[]) => this.areFoundBy(people));
  private readonly admission = batched((people: readonly Identifiers[]) => this.findOrCreateSafes(people));

  /** The candidate id of each normalised admission number; undefined where there is none. */
  abstract find(admissionNos: readonly string[]): Promise<readonly (string | undefined)[]>;

  /** As `find` for one; calls in the same turn of the event loop share one query. */
  findOne(admissionNo: string): Promise<string | undefined> {
    return this.numbers.load(admissionNo);
  }

  /**
   * The safe of each candidate: a row is created for a new admission number, and a known one stays as it is. Durable when it resolves,
   * because the row must exist before the candidate's first event.
   */
  abstract findOrCreateSafes(people: readonly Identifiers[]): Promise<readonly Safe[]>;

  /** Whether each candidate is found by these values, hashed by the present rule. False for a forgotten one. */
  abstract areFoundBy(people: readonly FoundBy[]): Promise<readonly boolean[]>;

  /** As `areFoundBy` for one; calls in the same turn of the event loop share one query. */
  isFoundBy(person: FoundBy): Promise<boolean> {
    return this.foundBy.load(person);
  }

  /** Has each candidate found by these values from now on. Nothing for a forgotten one. */
  abstract identify(people: readonly FoundBy[]): Promise<void>;

  /** The safes of candidates by id; for a forgotten one a ForgottenSafe. */
  abstract safes(ids: readonly string[]): Promise<readonly Safe[]>;

  /** As `safes` for one; calls in the same turn of the event loop are batched. */
  safe(id: string): Promise<Safe> {
    return this.safeOf.load(id);
  }

  /** As `findOrCreateSafes` for one; calls in the same turn of the event loop share one transaction. */
  findOrCreateSafe(person: Identifiers): Promise<Safe> {
    return this.admission.load(person);
  }
}

/** A candidate's row as it is stored, to be compared with the log. */
export interface InspectedRow {
  readonly id: string;
  /** Undefined where the key cannot be unwrapped. */
  readonly safe: Safe | undefined;
  /** Whether it is found by this admission number. */
  hasNumber(admissionNo: string): boolean;
  /** Whether it is found by this citizen number and name, whose hash may be the former rule's. */
  hasPerson(person: { readonly citizenNo: string; readonly name: string }): boolean;
}

/** What is read of a vault to check it, past what candidates and officers need. */
export abstract class VaultInspection {
  /** The number of candidates. */
  abstract count(): Promise<number>;

  /** The rows of candidates; undefined for one whom the vault does not have. */
  abstract rows(ids: readonly string[]): Promise<readonly (InspectedRow | undefined)[]>;

  /** Whether each tombstone (`Vault.tombstone`) is there. */
  abstract haveTombstones(tombstones: readonly string[]): Promise<readonly boolean[]>;

  /**
   * Whether candidates were erased by this release (`Vault.forget`). A backup copies the log first, so that it may lack what it is by which
   * the vault's copy has erased somebody.
   */
  abstract wereErased(ids: readonly string[]): Promise<readonly boolean[]>;

  /** The ids of officers whose keys cannot be unwrapped. */
  abstract unusableOfficers(): Promise<readonly string[]>;
}

/** What is only read of a vault. */
export type ReadableVault = Pick<Vault, 'find' | 'findByCitizenNo' | 'safes' | 'wereForgotten'>;

/**
 * The candidates' keys and identities, stored outside the log so that forgetting a candidate means deleting one row. A row holds the
 * key wrapped by the master key, and keyed hashes of the admission number (unique), the citizen number and the normalised name.
 * Officers of the authority have keys too, found by the names of their accounts.
 */
export abstract class Vault extends Safes {
  private readonly citizens = batched((people: readonly CitizenQuery[]) => this.findByCitizenNos(people));

  /** For checks of the vault. */
  abstract readonly inspection: VaultInspection;

  /** The ids of candidates of that name, in order and at most `limit`; by the former rule's hash too. */
  abstract findByName(name: string, limit: number): Promise<readonly string[]>;

  /**
   * For each, all candidates with the citizen number, in the order of their ids: several when a person has several admission numbers.
   * Names match by the former rule's hash too.
   */
  abstract findByCitizenNos(people: readonly CitizenQuery[]): Promise<readonly (readonly CitizenMatch[])[]>;

  /** As `findByCitizenNos` for one; calls in the same turn of the event loop share one query. */
  findByCitizenNo(citizenNo: string, name?: string): Promise<readonly CitizenMatch[]> {
    return this.citizens.load({ citizenNo, name });
  }

  /** The safe of an officer, whose secrets it seals: a key is made for a new account. Durable when it resolves. */
  abstract findOrCreateOfficerSafe(account: string): Promise<Safe>;

  /** The safe of an officer; a ForgottenSafe where the vault has no key of the account. */
  abstract officerSafe(account: string): Promise<Safe>;

  /** The keyed hash (base64url) by which an admission number is recognised after its candidate is forgotten. */
  abstract tombstone(admissionNo: string): Promise<string>;

  /** Deletes the candidate's row: what is sealed stays sealed for ever. With a tombstone, the number is recognised from then on. Idempotent. */
  abstract forget(id: string, tombstone?: string): Promise<void>;

  /** Whether each admission number was a forgotten candidate's. */
  abstract wereForgotten(admissionNos: readonly string[]): Promise<readonly boolean[]>;

  /** Up to where the log's forgotten candidates were deleted here. Stored in the vault, so that a restored older vault has an older one. */
  abstract forgottenUpTo(): Promise<LogCheckpoint | undefined>;

  abstract setForgottenUpTo(mark: LogCheckpoint): Promise<void>;

  /** Undefined in a new vault, and in one of a release that did not note it. */
  abstract owner(): Promise<VaultOwner | undefined>;

  abstract setOwner(owner: VaultOwner): Promise<void>;

  /** Undefined in a new vault and in one whose names are hashed by rule 1. */
  abstract nameHashing(): Promise<NameHashProgress | undefined>;

  /** Up to `limit` candidates in the order of their ids. */
  abstract nameRows(after: string | undefined, limit: number): Promise<readonly NameRow[]>;

  /** Hashes names by the present rule, then stores the progress. Leaves a name that was corrected meanwhile. */
  abstract hashNames(names: readonly NameRehash[], reached: NameHashProgress): Promise<void>;

  abstract close(): Promise<void>;
}

function batched<Key, Value>(many: (keys: readonly Key[]) => Promise<readonly Value[]>): DataLoader<Key, Value> {
  return new DataLoader<Key, Value>(many, { cache: false, batchScheduleFn: (load) => setImmediate(load) });
}
