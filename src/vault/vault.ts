import DataLoader from 'dataloader';
import type { Position } from '../event-store/event.js';

declare const sealedValue: unique symbol;

/** A personal value under its candidate's key: base64url of nonce, ciphertext and tag. The type says what is in it. */
export type Sealed<T> = string & { readonly [sealedValue]: T };

/** By what a candidate is found. Numbers as people write them are normalised first (numbers.ts). */
export interface Identifiers {
  readonly admissionNo: string;
  readonly citizenNo: string;
  readonly name: string;
}

/** One candidate's key: seals what is recorded about the candidate, and opens it. */
export interface Safe {
  readonly id: string;
  /** @throws Error when the candidate is forgotten: nothing can be recorded about nobody */
  seal<T>(value: T): Sealed<T>;
  /** Keyed digest of a value (JSON, base64url): tells equal from changed without opening. */
  digest(value: unknown): string;
  /** The value, or undefined after the candidate was forgotten. @throws Error when it was sealed for another */
  open<T>(sealed: Sealed<T>): T | undefined;
  /** As `seal` and `open`, for what is not JSON: a photo's bytes. */
  sealBytes(bytes: Uint8Array): Uint8Array;
  openBytes(sealed: Uint8Array): Uint8Array | undefined;
}

/** Found by citizen number: whose it is, and whether the name given is theirs too. */
export interface Namesake {
  readonly id: string;
  readonly sameName: boolean;
}

/** A place in the log, and the id of the event there: another log is noticed by it. */
export interface LogMark {
  readonly position: Position;
  readonly eventId: string;
}

/** How far the names of a vault are hashed by a rule (names.ts): up to and with the candidate `after`, or all. */
export interface NameHashing {
  readonly rule: number;
  readonly after?: string;
  readonly done: boolean;
}

/** A candidate's name as it is hashed now. */
export interface NameRow {
  readonly safe: Safe;
  readonly hash: Uint8Array;
}

/** A name to be hashed by the present rule, where the hash is still the one given. */
export interface Renaming {
  readonly id: string;
  readonly hash: Uint8Array;
  readonly name: string;
}

/**
 * Who a candidate is: outside the log, so that forgetting is deleting one row. Holds each candidate's key under the
 * master key, and keyed hashes of the admission number (unique), the citizen number and the normalised name.
 */
export abstract class Vault {
  private readonly safeOf = oneOfMany((ids: readonly string[]) => this.safes(ids));
  private readonly admission = oneOfMany((people: readonly Identifiers[]) => this.admit(people));

  /** The id of each admission number (normalised), undefined where there is none. */
  abstract find(admissionNos: readonly string[]): Promise<readonly (string | undefined)[]>;

  /** All candidates with a citizen number: several when one person holds several admission numbers. A name is also known by its hash of before. */
  abstract findByCitizenNo(citizenNo: string, name?: string): Promise<readonly Namesake[]>;

  /**
   * The safe of each candidate, made when the admission number is new, its hashes brought up to date when it is known.
   * Durable when it answers: the row is written before the candidate's first event.
   */
  abstract admit(people: readonly Identifiers[]): Promise<readonly Safe[]>;

  /** The safes of candidates by id; that of a forgotten one opens nothing. */
  abstract safes(ids: readonly string[]): Promise<readonly Safe[]>;

  /** As `safes` for one: what is asked for in the same turn of the event loop is answered together. */
  safe(id: string): Promise<Safe> {
    return this.safeOf.load(id);
  }

  /** As `admit` for one: all who come in the same turn of the event loop share one transaction. */
  admitted(person: Identifiers): Promise<Safe> {
    return this.admission.load(person);
  }

  /** Deletes the candidate's row: what is sealed stays sealed for ever. */
  abstract forget(id: string): Promise<void>;

  /** How far what the log says of forgetting is known to be done here. Kept inside, so that an older vault has an older mark. */
  abstract forgottenUpTo(): Promise<LogMark | undefined>;

  abstract setForgottenUpTo(mark: LogMark): Promise<void>;

  /** Undefined in a vault whose names are hashed by the first rule, and in a new one. */
  abstract nameHashing(): Promise<NameHashing | undefined>;

  /** Up to `limit` candidates in the order of their ids. */
  abstract nameRows(after: string | undefined, limit: number): Promise<readonly NameRow[]>;

  /** Hashes names by the present rule, and then keeps how far that has come. A name corrected meanwhile stays. */
  abstract hashNames(names: readonly Renaming[], reached: NameHashing): Promise<void>;

  abstract close(): Promise<void>;
}

function oneOfMany<Key, Value>(many: (keys: readonly Key[]) => Promise<readonly Value[]>): DataLoader<Key, Value> {
  return new DataLoader<Key, Value>(many, { cache: false, batchScheduleFn: (load) => setImmediate(load) });
}
