import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-jwt';
import { z } from 'zod';
import { Config } from '../../settings/settings.js';
import { SessionKeys } from './session-keys.js';

const instant = z.int().min(0);
const claims = z.object({ sub: z.uuid(), sid: z.uuid(), began: instant, iat: instant, exp: instant });

/** The claims of a session's cookie: the candidate (`sub`), the session (`sid`), and times in seconds since the epoch. */
export type SessionClaims = z.infer<typeof claims>;

/** The cookie's name; with https one that browsers accept from this host only. */
export function sessionCookie({ secure }: Config): string {
  return secure ? '__Host-session' : 'session';
}

/** Checks a cookie's signature and shape, and nothing more: whether the session has ended is checked in sessions.ts. */
@Injectable()
export class SessionStrategy extends PassportStrategy(Strategy) {
  constructor(config: Config, keys: SessionKeys) {
    const cookie = sessionCookie(config);
    super({
      jwtFromRequest: (request: unknown) => (request as FastifyRequest).cookies[cookie] ?? null,
      secretOrKey: keys.session.export(),
      algorithms: ['HS256'],
      ignoreExpiration: true,
    });
  }

  /** jsonwebtoken throws a TypeError at a signed token whose payload is `null`; what is thrown in `validate` does not come here. */
  override authenticate(...given: Parameters<Strategy['authenticate']>): void {
    try {
      super.authenticate(...given);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.fail(401);
    }
  }

  validate(payload: unknown): SessionClaims | false {
    const read = claims.safeParse(payload);
    return read.success && read.data;
  }
}
