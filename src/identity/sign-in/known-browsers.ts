import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../../settings/settings.js';
import { SessionKeys } from '../sessions/session-keys.js';

/** Numbers that a browser is known for. */
const MAX_NUMBERS = 4;
/** Seconds: half a year. */
const LIFETIME = 180 * 24 * 3_600;
const MARK_LENGTH = 22;

/**
 * Recognises browsers that have signed in with a number, by a cookie with an HMAC of it: they do not wait because of strangers who try
 * that number or use the same address. The cookie signs nobody in and does not reveal the number.
 */
@Injectable()
export class KnownBrowsers {
  private readonly cookie: string;

  constructor(
    { secure }: Config,
    private readonly keys: SessionKeys,
  ) {
    this.cookie = secure ? '__Secure-known' : 'known';
  }

  /** @param names of the number's holder, in this release or an earlier one */
  isKnown(request: FastifyRequest, ...names: readonly string[]): boolean {
    const marks = this.marks(request);
    return names.some((name) => marks.includes(this.mark(name)));
  }

  remember(request: FastifyRequest, reply: FastifyReply, name: string): void {
    const mark = this.mark(name);
    const marks = [mark, ...this.marks(request).filter((each) => each !== mark)].slice(0, MAX_NUMBERS);
    reply.setCookie(this.cookie, marks.join('.'), { path: '/login', httpOnly: true, sameSite: 'lax', maxAge: LIFETIME });
  }

  private marks(request: FastifyRequest): readonly string[] {
    const marks = request.cookies[this.cookie]?.split('.', MAX_NUMBERS) ?? [];
    return marks.filter((each) => each.length === MARK_LENGTH);
  }

  private mark(name: string): string {
    return createHmac('sha256', this.keys.known).update(name).digest('base64url').slice(0, MARK_LENGTH);
  }
}
