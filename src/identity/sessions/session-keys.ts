import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { loadSecrets } from '../../settings/secrets.js';
import type { Config } from '../../settings/settings.js';

/** The keys for signing and encrypting: one for each kind of token, so that none is accepted as another. */
export class SessionKeys {
  readonly session: KeyObject;
  /** For the keys of rate limits, so that what people type is not stored. */
  readonly rateLimits: KeyObject;
  /** For the cookie of browsers that have signed in with a number. */
  readonly known: KeyObject;
  /** For the hashes of reset codes and the proof of a real name. */
  readonly reset: KeyObject;
  /** Encrypts the state of a sign-in that the browser keeps: a visit to 北京通, or the choice of a number. */
  readonly visit: KeyObject;
  /** For the sessions of officers. */
  readonly office: KeyObject;
  /** For the tokens of officers on the command line. */
  readonly officeToken: KeyObject;
  /** Encrypts the state of an officer's sign-in that the browser keeps. */
  readonly officeEntry: KeyObject;

  constructor({ settings }: Config) {
    this.session = loadSecrets(settings).session;
    this.rateLimits = this.derived('personal-centre delays of logins');
    this.known = this.derived('personal-centre browsers that are known');
    this.reset = this.derived('personal-centre resets of passwords');
    this.visit = this.derived('personal-centre visit to single sign-on');
    this.office = this.derived('personal-centre sessions of officers');
    this.officeToken = this.derived('personal-centre officers on the command line');
    this.officeEntry = this.derived('personal-centre sign-in of officers');
  }

  private derived(use: string): KeyObject {
    return createSecretKey(new Uint8Array(hkdfSync('sha256', this.session, '', use, 32)));
  }
}
