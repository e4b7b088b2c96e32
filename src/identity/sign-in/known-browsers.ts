import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../../settings/settings.js';
import { SessionKeys } from '../sessions/session-keys.js';

/** Numbers that a browser is known by, the newest first. */
const MOST_NUMBERS = 4;
/** Seconds: half a year. */
const LASTS = 180 * 24 * 3_600;
const MARK_LENGTH = 22;

/**
 * Browsers that have entered with a number before, by a cookie with a keyed mark of it: they wait for nobody who guesses at that
 * number or from their address. It lets nobody in, and tells nothing of the number.
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

  /** @param names under which the number's holder is known, or was in a release before */
  isKnown(request: FastifyRequest, ...names: readonly string[]): boolean {
    const marks = this.marks(request);
    return names.some((name) => marks.includes(this.mark(name)));
  }

  remember(request: FastifyRequest, reply: FastifyReply, name: string): void {
    const mark = this.mark(name);
    const marks = [mark, ...this.marks(request).filter((each) => each !== mark)].slice(0, MOST_NUMBERS);
    reply.setCookie(this.cookie, marks.join('.'), { path: '/login', httpOnly: true, sameSite: 'lax', maxAge: LASTS });
  }

  private marks(request: FastifyRequest): readonly string[] {
    const marks = request.cookies[this.cookie]?.split('.', MOST_NUMBERS) ?? [];
    return marks.filter((each) => each.length === MARK_LENGTH);
  }

  private mark(name: string): string {
    return createHmac('sha256', this.keys.known).update(name).digest('base64url').slice(0, MARK_LENGTH);
  }
}
