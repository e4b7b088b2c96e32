import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { z } from 'zod';
import { Config } from '../../settings/settings.js';
import { signedClaims } from '../passwords/signed-claims.js';
import { SessionKeys } from './session-keys.js';

const instant = z.int().min(0);
const claims = z.object({ sub: z.uuid(), sid: z.uuid(), began: instant, iat: instant, exp: instant });

/** What a session's cookie says: whose (`sub`) and which session (`sid`); seconds since the epoch. */
export type SessionClaims = z.infer<typeof claims>;

/** The strategy's name for passport. */
export const SESSION = 'session-cookie';

/** The cookie's name; behind https one that browsers take from this very host only. */
export function sessionCookie({ secure }: Config): string {
  return secure ? '__Host-session' : 'session';
}

/** Told from forgery, and nothing more: when a session ends is asked of the session (sessions.ts). */
@Injectable()
export class SessionStrategy extends passport.Strategy {
  override readonly name = SESSION;
  private readonly cookie: string;

  constructor(
    config: Config,
    private readonly keys: SessionKeys,
  ) {
    super();
    this.cookie = sessionCookie(config);
    passport.use(this);
  }

  override authenticate({ cookies }: { readonly cookies: Readonly<Record<string, string | undefined>> }): void {
    const read = signedClaims(claims, cookies[this.cookie] ?? '', this.keys.session);
    if (read) this.success(read);
    else this.fail(401);
  }
}
