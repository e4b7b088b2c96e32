import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Officer, officers } from '../../../projections/officers.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import { isPolling } from '../../web/requests/polling.js';
import { isOfOffice, OFFICE } from '../../web/routes/officer.js';
import { roleNames } from '../officers/role-names.js';
import type { OfficeRouteMark } from '../rights/office-route.js';
import { mayDo } from '../rights/rights.js';
import { officeMenu } from './office-menu.js';
import { officeAddress } from './office-return-address.js';
import { type OfficeSession, OfficeSessions } from './office-sessions.js';

/** Seconds after which a session that was recorded this moment is known. */
const SOON = 1;

/**
 * Guards the routes of the office, as session.guard.ts does those of candidates: who has not signed in is sent to do so, who has no role
 * with the route's right is refused, and only then a session that must prove its factor again is sent to do that.
 */
@Injectable()
export class OfficeGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: OfficeSessions,
    private readonly readModels: ReadModels,
    private readonly lag: ReadModelLag,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const mark = this.reflector.getAllAndOverride<OfficeRouteMark | undefined>(OFFICE, [context.getHandler(), context.getClass()]);
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!mark && isOfOffice(request)) throw new Error(`${request.url} is of the office and names no right`);
    if (!mark) return true;
    const reply = http.getResponse<FastifyReply>();
    const { hasCookie, session } = this.sessions.read(request);
    const officer = session && (await this.officerOf(session, mark));
    if (session && officer) this.admit(request, session, officer);
    if (mark.right === 'none') return true;
    if (!session || !officer) {
      if (hasCookie) this.sessions.clear(reply);
      return redirectInstead(reply, officeAddress('/office/login', request, hasCookie ? { ended: '1' } : {}));
    }
    if (!mayDo(officer.roles, mark.right)) {
      reply.status(403).view('office/denied', { page: { title: '没有权限' }, roles: officer.roles.map((role) => roleNames[role]) });
      return false;
    }
    if (!mark.isAlwaysOpen && this.mustProve(request, session, mark)) return redirectInstead(reply, officeAddress('/office/factor', request));
    if (!isPolling(request) && !mark.isAlwaysOpen) this.sessions.renew(reply, session);
    return true;
  }

  /**
   * The officer of a session that was not ended.
   * @throws StillUpdating when the read model is behind: it may not know yet that the session was ended, or begun
   */
  private async officerOf(session: OfficeSession, { right, isAlwaysOpen }: OfficeRouteMark): Promise<Officer | undefined> {
    const seconds = this.lag.behind([officers]);
    if (seconds !== undefined && !isAlwaysOpen) return notKnown(right, seconds);
    const officer = await this.readModels.get(officers, session.sub);
    if (isOpen(session, officer)) return officer;
    const position = await this.readModels.position([officers]);
    const later = await this.readModels.get(officers, session.sub); // what it has seen at that position, or more
    if (isOpen(session, later)) return later;
    return position < session.position ? notKnown(right, SOON) : undefined;
  }

  private admit(request: FastifyRequest, session: OfficeSession, { account, roles, districts }: Officer): void {
    request.officer = {
      account,
      session: session.sid,
      roles,
      districts,
      roleNames: roles.map((role) => roleNames[role]),
      searches: mayDo(roles, 'find_candidates'),
      seesPersons: mayDo(roles, 'see_persons'),
      menu: officeMenu(roles),
    };
  }

  private mustProve(request: FastifyRequest, session: OfficeSession, { isSensitive }: OfficeRouteMark): boolean {
    return this.sessions.hasMoved(request, session) || (isSensitive && !this.sessions.isFresh(session));
  }
}

function isOpen({ sid }: OfficeSession, { suspended, sessions }: Officer): boolean {
  return !suspended && sessions.some(({ session }) => session === sid);
}

/** The ways in are shown to whoever may have a session. @throws StillUpdating elsewhere */
function notKnown(right: OfficeRouteMark['right'], seconds: number): undefined {
  if (right !== 'none') throw new StillUpdating(seconds);
  return undefined;
}

/** Denies the route after the answer was sent: the error filter sends nothing then. */
function redirectInstead(reply: FastifyReply, address: string): false {
  reply.header('cache-control', 'no-store').redirect(address, 303);
  return false;
}
