import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { signIns } from '../../../projections/sign-ins.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { OtherSessions } from './other-sessions.js';
import { Sessions } from './sessions.js';
import { SignOut } from './sign-out.command.js';

const form = z.object({ session: z.union([z.uuid(), z.literal('others')]) });

/** Ends the visitor's own sessions on other devices: one, or all others. */
@Controller('center/account/sessions')
export class SessionsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly commands: CommandBus,
    private readonly others: OtherSessions,
    private readonly sessions: Sessions,
    private readonly clock: Clock,
  ) {}

  /** A link ends nothing: it leads to the page with the buttons. */
  @Get()
  show(@Res() reply: FastifyReply) {
    return redirectBack(reply);
  }

  @Post()
  @DescribesOutcome({
    what: '退出其他设备上的登录',
    see: { href: '/center/account#sessions', text: '查看已登录的设备' },
    next: '请看已登录的设备里还有没有要退出的。',
  })
  async end(@CurrentCandidate() visitor: Visitor, @Res() reply: FastifyReply, @Body() body: unknown) {
    const asked = form.safeParse(body).data?.session;
    if (asked === 'others') {
      rememberPosition(reply, await this.others.end(visitor));
      return redirectBack(reply, 'others');
    }
    const hasEnded = asked !== undefined && asked !== visitor.session && (await this.endOne(visitor.id, asked, reply));
    return redirectBack(reply, hasEnded ? 'one' : undefined);
  }

  /** Only of this candidate: the session's id alone ends nothing. */
  private async endOne(id: string, session: string, reply: FastifyReply): Promise<boolean> {
    const { open } = await this.readModels.get(signIns, id);
    const entry = open.find((each) => each.session === session);
    if (!entry) return false;
    const now = this.clock.now().getTime();
    const until = new Date(this.sessions.latestEnd(now)).toISOString();
    rememberPosition(reply, await this.commands.execute(new SignOut(givenAt(new Date(now).toISOString()), id, session, entry.at, until)));
    return true;
  }
}

/** @param ended what the page says has ended */
function redirectBack(reply: FastifyReply, ended?: 'one' | 'others') {
  return reply.header('cache-control', 'no-store').redirect(ended ? `/center/account?ended=${ended}` : '/center/account', 303);
}
