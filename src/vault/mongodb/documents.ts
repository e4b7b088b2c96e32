import type { LogCheckpoint, NameHashProgress, VaultOwner } from '../vault.js';

/** A candidate's identifiers as keyed hashes, and the key under the master key. */
export interface CandidateDocument {
  readonly _id: string;
  readonly admission: Uint8Array;
  readonly citizen: Uint8Array;
  readonly name: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface OfficerDocument {
  readonly _id: string;
  readonly wrapped: Uint8Array;
}

export interface CheckDocument {
  readonly _id: 'check';
  readonly value: Uint8Array;
  /** The previous master key's check value, during a rotation. */
  readonly before?: Uint8Array;
  /** Of the master key before the last complete rotation. */
  readonly former?: Uint8Array;
}

export interface ForgottenDocument extends LogCheckpoint {
  readonly _id: 'forgotten';
}

export interface NameHashingDocument extends NameHashProgress {
  readonly _id: 'names';
}

export interface TombstoneKeyDocument {
  readonly _id: 'tombstone key';
  readonly value: Uint8Array;
}

export interface OwnerDocument extends VaultOwner {
  readonly _id: 'owner';
}
