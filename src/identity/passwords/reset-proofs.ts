import type { CookieSerializeOptions } from '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import jwt from 'jsonwebtoken';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { CLOCK_SKEW, Clock } from '../../kernel/clock.js';
import { Config } from '../../settings/settings.js';
import { SessionKeys } from '../sessions/session-keys.js';
import { verifiedClaims } from './verified-claims.js';

/** Seconds for typing the new password. */
const LIFETIME = 600;
const PATH = '/login/reset';
const claims = z.object({ sub: z.uuid(), sid: z.uuid(), jti: z.uuid(), exp: z.int() });

/** The part of a reply that sets a cookie. */
interface CookieWriter {
  setCookie(name: string, value: string, options: CookieSerializeOptions): unknown;
}

/** Proof of a real name: its browser may set the candidate's password without a code. */
export interface RealNameProof {
  readonly candidateId: string;
  /** The id of the command that redeems it, so that it is redeemed once. */
  readonly id: string;
}

/**
 * Lets a person who came by 北京通 with level L3 or above set a password at /login/reset without a code. The proof is a cookie for that page
 * alone, and is valid only with the session that began with it: after 退出登录 nobody can use it.
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

  begin(reply: CookieWriter, candidateId: string, session: string): void {
    const proof = { sub: candidateId, sid: session, jti: newId(), exp: this.now() + LIFETIME };
    const signed = jwt.sign(proof, this.keys.reset, { algorithm: 'HS256', noTimestamp: true });
    reply.setCookie(this.cookie, signed, { ...this.attributes(), maxAge: LIFETIME });
  }

  /** undefined where there is none, or one that is forged, expired or of another session. */
  of(request: FastifyRequest): RealNameProof | undefined {
    const cookie = request.cookies[this.cookie];
    const read = cookie ? verifiedClaims(claims, cookie, this.keys.reset, this.now()) : undefined;
    if (read && read.exp - this.now() > LIFETIME + CLOCK_SKEW / 1000) return undefined; // made before the clock was set back
    return read && read.sid === request.visitor?.session ? { candidateId: read.sub, id: read.jti } : undefined;
  }

  /** Whether there is one, valid or not. */
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
