import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import jwt from 'jsonwebtoken';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { CLOCK_SKEW, Clock } from '../../kernel/clock.js';
import { Config } from '../../settings/settings.js';
import { SessionKeys } from '../sessions/session-keys.js';
import { signedClaims } from './signed-claims.js';

/** Seconds within which the new password is to be typed. */
const LASTS = 600;
const PATH = '/login/reset';
const claims = z.object({ sub: z.uuid(), sid: z.uuid(), jti: z.uuid(), exp: z.int() });

/** That a browser may set a candidate's password without a code. */
export interface ProvedByName {
  readonly candidateId: string;
  /** The id of the command by which it is redeemed: once. */
  readonly id: string;
}

/**
 * Hands over from 北京通 to the page of new passwords: whoever knows by a level of L3 or above who stands there calls `begin`, and
 * /login/reset asks for no code then. A cookie for that page alone, so that it stands in no address, and good no longer than the
 * session that began with it: whoever takes the phone after 退出登录 sets nothing.
 */
@Injectable()
export class ResetProofs {
  private readonly cookie: string;

  constructor(
    { secure }: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {
    this.cookie = secure ? '__Secure-reset' : 'reset';
  }

  begin(reply: FastifyReply, candidateId: string, session: string): void {
    const proof = { sub: candidateId, sid: session, jti: newId(), exp: this.now() + LASTS };
    const signed = jwt.sign(proof, this.keys.reset, { algorithm: 'HS256', noTimestamp: true });
    reply.setCookie(this.cookie, signed, { ...this.attributes(), maxAge: LASTS });
  }

  /** undefined where there is none, or one that is not ours, has grown old or is of another session. */
  of(request: FastifyRequest): ProvedByName | undefined {
    const cookie = request.cookies[this.cookie];
    const read = cookie ? signedClaims(claims, cookie, this.keys.reset, this.now()) : undefined;
    if (read && read.exp - this.now() > LASTS + CLOCK_SKEW / 1000) return undefined; // of before the clock was set back
    return read && read.sid === request.visitor?.session ? { candidateId: read.sub, id: read.jti } : undefined;
  }

  /** Whether there was one, be it good or not. */
  wasGiven(request: FastifyRequest): boolean {
    return request.cookies[this.cookie] !== undefined;
  }

  end(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, this.attributes());
  }

  private attributes() {
    return { path: PATH, httpOnly: true, sameSite: 'lax' } as const;
  }

  private now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
