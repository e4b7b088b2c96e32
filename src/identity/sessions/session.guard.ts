import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { isPolling, withoutPollingMark } from '../../web/requests/polling.js';
import { OFFICE } from '../../web/routes/officer.js';
import { ENDS_SESSION, PUBLIC, UNCONFIRMED, UNRENEWED, type Visitor } from '../../web/routes/visitor.js';
import { returnAddress } from '../sign-in/return-address.js';
import type { SessionClaims } from './session.strategy.js';
import { Sessions } from './sessions.js';

/** Why a session has ended, as a parameter of the login page. */
type Ended = typeof TIMED_OUT | typeof ENDED_ELSEWHERE;
const TIMED_OUT = '1';
export const ENDED_ELSEWHERE = 'elsewhere';

/** The decorators of a route. */
interface Marks {
  readonly isPublic: boolean;
  readonly alsoUnconfirmed: boolean;
  readonly unrenewed: boolean;
  readonly endsSession: boolean;
  /** Of the office, which has a guard of its own. */
  readonly isOffice: boolean;
}

/**
 * Guards every route but the office's: visitors without a session are sent to the login page and back afterwards, unconfirmed candidates to their
 * voucher (docs/domain.md, rule 1). A cookie that was verified is recognised from memory.
 */
@Injectable()
export class SessionGuard extends AuthGuard('jwt') {
  private readonly marks = new Map<unknown, Marks>();

  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.marksOf(context).isOffice) return true;
    const cookie = context.switchToHttp().getRequest<FastifyRequest>().cookies[this.sessions.cookie];
    if (!cookie) return this.answer(context, undefined);
    const visitor = this.sessions.cachedVisitor(cookie);
    return visitor ? this.answer(context, visitor) : this.verify(context, cookie);
  }

  /** Passport answers a good cookie's claims, or false for one that jsonwebtoken rejects. Neither is refused here: the page may be public. */
  override handleRequest<Claims>(error: unknown, claims: Claims): Claims {
    if (error) throw error;
    return claims;
  }

  private async verify(context: ExecutionContext, cookie: string): Promise<boolean> {
    const claims = await this.claims(context);
    if (!claims) return this.answer(context, undefined, TIMED_OUT);
    const { isPublic, endsSession } = this.marksOf(context);
    try {
      const visitor = endsSession ? this.sessions.unverifiedVisitor(claims) : await this.sessions.verifiedVisitor(cookie, claims);
      return this.answer(context, visitor, !visitor && (await this.sessions.wasEnded(claims)) ? ENDED_ELSEWHERE : TIMED_OUT);
    } catch (error) {
      if (isPublic && error instanceof StillUpdating) return this.answer(context, undefined); // the session may be valid: the cookie stays
      throw error;
    }
  }

  private async claims(context: ExecutionContext): Promise<SessionClaims | undefined> {
    await super.canActivate(context);
    return context.switchToHttp().getRequest<FastifyRequest & { user?: SessionClaims | false }>().user || undefined;
  }

  private answer(context: ExecutionContext, visitor: Visitor | undefined, ended?: Ended): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { isPublic, alsoUnconfirmed, unrenewed, endsSession } = this.marksOf(context);
    if (visitor) request.visitor = unrenewed || endsSession || isPolling(request) ? visitor : this.sessions.renew(request, reply, visitor);
    else if (ended) this.sessions.clear(reply);
    if (isPublic) return true;
    if (!visitor) return redirectInstead(reply, loginAddress(request, ended));
    if (visitor.limited && !alsoUnconfirmed) return redirectInstead(reply, '/center/confirmation');
    return true;
  }

  private marksOf(context: ExecutionContext): Marks {
    const handler = context.getHandler();
    const known = this.marks.get(handler);
    if (known) return known;
    const markOf = (mark: string) => this.reflector.getAllAndOverride<unknown>(mark, [handler, context.getClass()]);
    const is = (mark: string) => markOf(mark) === true;
    const marks = {
      isPublic: is(PUBLIC),
      alsoUnconfirmed: is(UNCONFIRMED),
      unrenewed: is(UNRENEWED),
      endsSession: is(ENDS_SESSION),
      isOffice: markOf(OFFICE) !== undefined,
    };
    this.marks.set(handler, marks);
    return marks;
  }
}

/** Denies the route after the answer was sent: the error filter sends nothing then. */
function redirectInstead(reply: FastifyReply, address: string): false {
  reply.header('cache-control', 'no-store').header('vary', 'HX-Request-Type').redirect(address, 303);
  return false;
}

/** The login page with the address to return to; only a GET can be repeated. */
function loginAddress(request: FastifyRequest, ended: Ended | undefined): string {
  const to = request.method === 'GET' ? returnAddress(isPolling(request) ? withoutPollingMark(request.url) : request.url) : undefined;
  const query = new URLSearchParams({ ...(to && to !== '/center' && { to }), ...(ended && { ended }) });
  return query.size > 0 ? `/login?${query}` : '/login';
}
