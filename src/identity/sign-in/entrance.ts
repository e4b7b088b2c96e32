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
import { deviceOf } from './device-of.js';
import { SignIn } from './sign-in.command.js';

/** Lets in whoever has shown, by whatever way, who it is; and out again. Both are recorded before they hold. */
@Injectable()
export class Entrance {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /**
   * A new session begins with this answer, under an id of its own; one that the browser had ends.
   * @param way by what the person has shown who it is
   * @param began milliseconds: when the person last showed who it is, where that was before now: the longest a session lasts counts from then
   * @param password the event by which the password was set that was right (`PasswordInForce.passwordEvent`)
   * @returns the session's id
   * @throws Refusal login.overtaken, login.too_often: the session that the browser had goes on
   */
  async enter(request: FastifyRequest, reply: FastifyReply, candidateId: string, way: SignInWay, began?: number, password?: string): Promise<string> {
    const session = random();
    const device = deviceOf(request);
    const { by: _, ...cause } = currentCause();
    const shownAt = began !== undefined ? new Date(began).toISOString() : undefined;
    await causedBy({ ...cause, by: candidateId }, () =>
      this.commands.execute(new SignIn(givenAt(this.clock.instant()), candidateId, session, device, way, shownAt, password)),
    );
    if (request.visitor) await this.leave(reply, request.visitor);
    this.sessions.begin(reply, candidateId, session, began);
    return session;
  }

  /** The session ends, wherever its cookie was copied to; with this answer and in this process also where the store is away. @throws StoreUnavailable */
  async leave(reply: FastifyReply, visitor: Visitor): Promise<void> {
    const { id, session, began } = visitor;
    const until = new Date(this.sessions.latestEnd(began)).toISOString();
    this.sessions.end(reply, visitor);
    rememberPosition(reply, await this.commands.execute(new SignOut(givenAt(this.clock.instant()), id, session, new Date(began).toISOString(), until)));
  }
}
