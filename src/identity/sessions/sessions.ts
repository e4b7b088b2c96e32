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
/** A cookie younger than this is not made anew: a page with all its parts renews once. Milliseconds. */
const RENEWED_AFTER = 60_000;

/** A cookie that was found good: whose and which session, and from when until when; milliseconds since the epoch. */
interface Ticket {
  readonly id: string;
  readonly session: string;
  readonly began: number;
  readonly issued: number;
  readonly ends: number;
}

/** Who is signed in. A session is a signed cookie; that it has not ended is asked each time, of memory. */
@Injectable()
export class Sessions {
  readonly cookie: string;
  private readonly tickets = lruCache<Ticket>(MOST_REMEMBERED);
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

  /** A session begins with this answer. `began`: milliseconds, from when on its longest time counts. */
  begin(reply: FastifyReply, id: string, session: string, began = this.clock.now().getTime()): void {
    this.issue(reply, id, session, began);
  }

  /** The visitor, from memory alone; undefined when the cookie must be examined first, or is not good any more. */
  remembered(cookie: string): Visitor | undefined {
    const ticket = this.tickets.get(cookie);
    if (!ticket || this.isOver(ticket)) return undefined;
    return visitorOf(ticket, this.accessLevels.remembered(ticket.id));
  }

  /** The visitor of a cookie whose signature is good; undefined when the session has ended or the candidate has no entry. */
  async examined(cookie: string, claims: SessionClaims): Promise<Visitor | undefined> {
    const ticket = ticketOf(claims);
    if (this.isOver(ticket) || (await this.ended.wasEnded(ticket.session))) return undefined;
    const level = await this.accessLevels.of(ticket.id);
    this.tickets.set(cookie, ticket);
    return visitorOf(ticket, level);
  }

  /** Whether a session was ended, by whomever, before its time. */
  wasEnded({ sid }: SessionClaims): Promise<boolean> {
    return this.ended.wasEnded(sid);
  }

  /** The visitor of a cookie whose signature is good, as far as it says itself: for who leaves, which no store that is away may prevent. */
  claimed(claims: SessionClaims): Visitor | undefined {
    const ticket = ticketOf(claims);
    return this.isOver(ticket) ? undefined : visitorOf(ticket, 'limited');
  }

  /** The session was used: its idle time begins again. `atOnce`, or as soon as the cookie is a minute old. */
  renew(request: FastifyRequest, reply: FastifyReply, visitor: Visitor, atOnce = false): Visitor {
    const issued = this.tickets.get(request.cookies[this.cookie] ?? '')?.issued ?? 0;
    if (!atOnce && Math.abs(this.clock.now().getTime() - issued) < RENEWED_AFTER) return visitor;
    return { ...visitor, endsAt: this.issue(reply, visitor.id, visitor.session, visitor.began) };
  }

  /** The session has ended, here at once; its cookie goes with this answer. */
  end(reply: FastifyReply, { session, began }: Visitor): void {
    this.ended.end(session, this.latestEnd(began));
    this.clear(reply);
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, this.attributes());
  }

  /** After this moment a session that began then is over, however it was used. Milliseconds. */
  latestEnd(began: number): number {
    return began + this.longest;
  }

  private issue(reply: FastifyReply, id: string, session: string, since: number): number {
    const now = seconds(this.clock.now().getTime());
    const began = Math.min(since, now * 1000); // not later than now, though the clock may have been set back
    const claims: SessionClaims = {
      sub: id,
      sid: session,
      began: seconds(began),
      iat: now,
      exp: Math.min(now + seconds(this.idle), seconds(this.latestEnd(began))),
    };
    const cookie = jwt.sign(claims, this.keys.session, { algorithm: 'HS256' });
    this.tickets.set(cookie, { id, session, began: claims.began * 1000, issued: now * 1000, ends: claims.exp * 1000 });
    reply.setCookie(this.cookie, cookie, { ...this.attributes(), maxAge: Math.max(0, claims.exp - now) });
    return claims.exp * 1000;
  }

  private isOver({ session, began, ends }: Ticket): boolean {
    const now = this.clock.now().getTime();
    return now >= ends || now >= this.latestEnd(began) || this.ended.has(session);
  }

  private attributes() {
    return { path: '/', httpOnly: true, sameSite: 'lax' } as const;
  }
}

function ticketOf({ sub, sid, began, iat, exp }: SessionClaims): Ticket {
  return { id: sub, session: sid, began: began * 1000, issued: iat * 1000, ends: exp * 1000 };
}

function visitorOf({ id, session, began, ends }: Ticket, level: AccessLevel | undefined): Visitor | undefined {
  if (level === undefined || level === 'none') return undefined;
  return { id, session, limited: level === 'limited', began, endsAt: ends };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
