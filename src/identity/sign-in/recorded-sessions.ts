import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v4 as random } from 'uuid';
import { causedBy, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import type { Visitor } from '../../web/routes/visitor.js';
import type { SignInWay } from '../identity.events.js';
import { Sessions } from '../sessions/sessions.js';
import { SignOut } from '../sessions/sign-out.command.js';
import { deviceOf } from './device.js';
import { SignIn } from './sign-in.command.js';

/** Begins and ends sessions; both are recorded before they take effect. */
@Injectable()
export class RecordedSessions {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /**
   * Begins a session with this answer, and ends the one that the browser had.
   * @param way how the person has proved who it is
   * @param began milliseconds since the epoch: when that was, if not now; the maximum duration of the session counts from then
   * @param password the event by which the password was set that was used (`PasswordInForce.passwordEvent`)
   * @returns the session's id
   * @throws Refusal login.overtaken, login.too_often: the browser's session goes on
   */
  async begin(request: FastifyRequest, reply: FastifyReply, candidateId: string, way: SignInWay, began?: number, password?: string): Promise<string> {
    const session = random();
    const device = deviceOf(request);
    const { by: _, ...cause } = currentCause();
    const provedAt = began !== undefined ? new Date(began).toISOString() : undefined;
    await causedBy({ ...cause, by: candidateId }, () =>
      this.commands.execute(new SignIn(givenAt(this.clock.instant()), candidateId, session, device, way, provedAt, password)),
    );
    if (request.visitor) await this.end(reply, request.visitor);
    this.sessions.begin(reply, candidateId, session, began);
    return session;
  }

  /** Ends the session for all copies of its cookie; in this browser and this process even if the store is not available. @throws StoreUnavailable */
  async end(reply: FastifyReply, visitor: Visitor): Promise<void> {
    const { id, session, began } = visitor;
    const until = new Date(this.sessions.latestEnd(began)).toISOString();
    this.sessions.end(reply, visitor);
    rememberPosition(reply, await this.commands.execute(new SignOut(givenAt(this.clock.instant()), id, session, new Date(began).toISOString(), until)));
  }
}
