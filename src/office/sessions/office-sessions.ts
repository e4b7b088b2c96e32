import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Position } from '../../event-store/event.js';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { browserFamily } from '../../identity/sign-in/user-agent.js';
import { networkOf } from '../../identity/throttling/network.js';
import { Clock } from '../../kernel/clock.js';
import { Config } from '../../settings/settings.js';

/** Milliseconds. */
export const LONGEST_OFFICE_SESSION = 12 * 3_600_000;
const IDLE = 15 * 60_000;
/** For how long a proof of the second factor is enough for what is sensitive. */
const STEP_UP = 5 * 60_000;
/** A younger cookie is not renewed. */
const RENEWED_AFTER = 60_000;

const seconds = z.int().min(0);
const claimed = z.object({
  sub: z.string(),
  sid: z.uuid(),
  /** When the session began, and when the second factor was proved last. */
  began: seconds,
  proved: seconds,
  iat: seconds,
  exp: seconds,
  /** The position in the log at which it was recorded. */
  position: z.string(),
  /** Where from it was proved: a keyed hash of the network, and the family of the browser. */
  network: z.string(),
  browser: z.string(),
});

/** A session as its signed cookie says: times in seconds since the epoch. */
export type OfficeSession = z.infer<typeof claimed>;

/**
 * The sessions of officers: signed cookies of /office alone, which end after 15 minutes without a request and after 12 hours. Those that
 * were not ended early are in the read model `officers`.
 */
@Injectable()
export class OfficeSessions {
  private readonly cookie: string;

  constructor(
    config: Config,
    private readonly keys: SessionKeys,
    private readonly clock: Clock,
  ) {
    this.cookie = config.secure ? '__Secure-office' : 'office';
  }

  /** The session of a request's cookie; undefined without one that is valid now. `hasCookie`: whether there was any. */
  read(request: FastifyRequest): { readonly hasCookie: boolean; readonly session: OfficeSession | undefined } {
    const cookie = request.cookies[this.cookie];
    return { hasCookie: cookie !== undefined, session: cookie === undefined ? undefined : this.verified(cookie) };
  }

  /** Begins a session with this answer, which was recorded at a position, and in whose request the second factor was proved. */
  begin(request: FastifyRequest, reply: FastifyReply, account: string, session: string, position: Position): void {
    const now = this.now();
    this.issue(reply, { sub: account, sid: session, began: now, proved: now, position, ...this.placeOf(request) });
  }

  /** The second factor was proved again, by this request. */
  proved(request: FastifyRequest, reply: FastifyReply, session: OfficeSession): void {
    this.issue(reply, { ...session, proved: this.now(), ...this.placeOf(request) });
  }

  /** The session was used: its idle time begins again. */
  renew(reply: FastifyReply, session: OfficeSession): void {
    if (Math.abs(this.now() - session.iat) * 1000 >= RENEWED_AFTER) this.issue(reply, session);
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.cookie, ATTRIBUTES);
  }

  /** Whether the second factor was proved in the last five minutes. */
  isFresh({ proved }: OfficeSession): boolean {
    return (this.now() - proved) * 1000 < STEP_UP;
  }

  /** Whether a request comes from another network and another family of browser than that which proved the factor: a stolen cookie does. */
  hasMoved(request: FastifyRequest, session: OfficeSession): boolean {
    const { network, browser } = this.placeOf(request);
    return network !== session.network && browser !== session.browser;
  }

  private verified(cookie: string): OfficeSession | undefined {
    let payload: unknown;
    try {
      payload = jwt.verify(cookie, this.keys.office, { algorithms: ['HS256'], ignoreExpiration: true });
    } catch {
      return undefined; // forged, or signed with another secret
    }
    const session = claimed.safeParse(payload).data;
    const now = this.now();
    return session && now < session.exp && now < session.began + LONGEST_OFFICE_SESSION / 1000 ? session : undefined;
  }

  private issue(reply: FastifyReply, session: Omit<OfficeSession, 'iat' | 'exp'>): void {
    const now = this.now();
    const exp = Math.min(now + IDLE / 1000, session.began + LONGEST_OFFICE_SESSION / 1000);
    const claims: OfficeSession = { ...session, iat: now, exp };
    reply.setCookie(this.cookie, jwt.sign(claims, this.keys.office, { algorithm: 'HS256' }), { ...ATTRIBUTES, maxAge: Math.max(0, exp - now) });
  }

  private placeOf({ ip, headers }: FastifyRequest): Pick<OfficeSession, 'network' | 'browser'> {
    const network = createHmac('sha256', this.keys.office).update(networkOf(ip)).digest('base64url').slice(0, 22);
    return { network, browser: browserFamily(headers['user-agent'] ?? '') };
  }

  private now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

const ATTRIBUTES = { path: '/office', httpOnly: true, sameSite: 'strict' } as const;
