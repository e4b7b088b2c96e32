import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { loadSecrets } from '../../settings/secrets.js';
import { Config } from '../../settings/settings.js';

/** What signs and encrypts: a key for each kind of token, so that none is ever taken for another. */
@Injectable()
export class SessionKeys {
  readonly session: KeyObject;
  /** Tells apart what people type without keeping it, alike in every process. */
  readonly delays: KeyObject;
  /** Marks browsers that have entered with a number. */
  readonly known: KeyObject;
  /** Under which codes for new passwords are kept, and what shows that a browser may set one. */
  readonly reset: KeyObject;
  /** Encrypts what a browser keeps of its way in: a visit to 北京通, or a number to be chosen. */
  readonly visit: KeyObject;

  constructor({ settings }: Config) {
    this.session = loadSecrets(settings).session;
    this.delays = this.derived('personal-centre delays of logins');
    this.known = this.derived('personal-centre browsers that are known');
    this.reset = this.derived('personal-centre resets of passwords');
    this.visit = this.derived('personal-centre visit to single sign-on');
  }

  private derived(use: string): KeyObject {
    return createSecretKey(new Uint8Array(hkdfSync('sha256', this.session, '', use, 32)));
  }
}
