import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import jwt from 'jsonwebtoken';
import { Clock } from '../../kernel/clock.js';
import { lruCache } from '../../kernel/lru-cache.js';
import { Config } from '../../settings/settings.js';
import type { Visitor } from '../../web/routes/visitor.js';
import { type AccessLevel, AccessLevels } from './access-levels.js';
import { EndedSessions } from './ended-sessions.js';
import { type SessionClaims, sessionCookie } from './session.strategy.js';
import { SessionKeys } from './session-keys.js';

const MOST_REMEMBERED = 50_000;
/** Milliseconds: a younger cookie is not renewed, so that a page with all its parts renews once. */
const RENEWED_AFTER = 60_000;

/** The content of a verified cookie; milliseconds since the epoch. */
interface CachedSession {
  readonly id: string;
  readonly session: string;
  readonly began: number;
  readonly issued: number;
  readonly ends: number;
}

/** Sessions are signed cookies. Whether one was ended early is checked on each request, in memory. */
@Injectable()
export class Sessions {
  readonly cookie: string;
  private readonly cache = lruCache<CachedSession>(MOST_REMEMBERED);
  private readonly idle: number;
  private readonly longest: number;

  constructor(
    config: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
    private readonly ended: EndedSessions,
    private readonly accessLevels: AccessLevels,
  ) {
    this.cookie = sessionCookie(config);
    this.idle = config.settings.SESSION_IDLE;
    this.longest = config.settings.SESSION_MAX;
  }

  /** Begins a session with this answer. `began`: milliseconds since the epoch, from which its maximum duration counts. */
  begin(reply: FastifyReply, id: string, session: string, began = this.clock.now().getTime()): void {
    this.issue(reply, id, session, began);
  }

  /** The visitor from memory; undefined when the cookie must be verified first, or is not valid any more. */
  cachedVisitor(cookie: string): Visitor | undefined {
    const cached = this.cache.get(cookie);
    if (!cached || this.isOver(cached)) return undefined;
    return visitorOf(cached, this.accessLevels.cached(cached.id));
  }

  /** The visitor of a cookie with a valid signature; undefined when the session has ended or the candidate may not enter. */
  async verifiedVisitor(cookie: string, claims: SessionClaims): Promise<Visitor | undefined> {
    const cached = cachedSessionOf(claims);
    if (this.isOver(cached) || (await this.ended.wasEnded(cached.session))) return undefined;
    const level = await this.accessLevels.of(cached.id);
    this.cache.set(cookie, cached);
    return visitorOf(cached, level);
  }

  /** Whether a session was ended early, by anyone. */
  wasEnded({ sid }: SessionClaims): Promise<boolean> {
    return this.ended.wasEnded(sid);
  }

  /** The visitor by the cookie's claims alone, for signing out, which must work while no store is available. */
  unverifiedVisitor(claims: SessionClaims): Visitor | undefined {
    const cached = cachedSessionOf(claims);
    return this.isOver(cached) ? undefined : visitorOf(cached, 'limited');
  }

  /** The session was used: its idle time begins again. Unless `atOnce`, a cookie younger than a minute stays. */
  renew(request: FastifyRequest, reply: FastifyReply, visitor: Visitor, atOnce = false): Visitor {
    const issued = this.cache.get(request.cookies[this.cookie] ?? '')?.issued ?? 0;
    if (!atOnce && Math.abs(this.clock.now().getTime() - issued) < RENEWED_AFTER) return visitor;
    return { ...visitor, endsAt: this.issue(reply, visitor.id, visitor.session, visitor.began) };
  }

  /** Ends the session at once in this process, and clears its cookie with this answer. */
  end(reply: FastifyReply, { session, began }: Visitor): void {
    this.ended.end(session, this.latestEnd(began));
    this.clear(reply);
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, this.attributes());
  }

  /** When a session that began then ends at the latest. Milliseconds. */
  latestEnd(began: number): number {
    return began + this.longest;
  }

  /** The cookie of a session that nobody has begun: pages are rendered by it for somebody of the office, within this process. */
  cookieToLook(id: string, session: string): string {
    return `${this.cookie}=${this.signed(id, session, this.clock.now().getTime()).cookie}`;
  }

  private issue(reply: FastifyReply, id: string, session: string, since: number): number {
    const { cookie, now, claims } = this.signed(id, session, since);
    this.cache.set(cookie, { id, session, began: claims.began * 1000, issued: now * 1000, ends: claims.exp * 1000 });
    reply.setCookie(this.cookie, cookie, { ...this.attributes(), maxAge: Math.max(0, claims.exp - now) });
    return claims.exp * 1000;
  }

  private signed(id: string, session: string, since: number) {
    const now = seconds(this.clock.now().getTime());
    const began = Math.min(since, now * 1000); // the clock may have been set back
    const claims: SessionClaims = {
      sub: id,
      sid: session,
      began: seconds(began),
      iat: now,
      exp: Math.min(now + seconds(this.idle), seconds(this.latestEnd(began))),
    };
    return { cookie: jwt.sign(claims, this.keys.session, { algorithm: 'HS256' }), now, claims };
  }

  private isOver({ session, began, ends }: CachedSession): boolean {
    const now = this.clock.now().getTime();
    return now >= ends || now >= this.latestEnd(began) || this.ended.has(session);
  }

  private attributes() {
    return { path: '/', httpOnly: true, sameSite: 'lax' } as const;
  }
}

function cachedSessionOf({ sub, sid, began, iat, exp }: SessionClaims): CachedSession {
  return { id: sub, session: sid, began: began * 1000, issued: iat * 1000, ends: exp * 1000 };
}

function visitorOf({ id, session, began, ends }: CachedSession, level: AccessLevel | undefined): Visitor | undefined {
  if (level === undefined || level === 'none') return undefined;
  return { id, session, limited: level === 'limited', began, endsAt: ends };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
