import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from '../config.js';
import { secretsOf } from '../secrets.js';

/** What signs: a key for each kind of token, so that none is ever taken for another. */
@Injectable()
export class SessionKeys {
  readonly session: KeyObject;
  readonly choice: KeyObject;

  constructor({ settings }: Config) {
    this.session = secretsOf(settings).session;
    this.choice = createSecretKey(new Uint8Array(hkdfSync('sha256', this.session, '', 'personal-centre choice of an admission number', 32)));
  }
}
