import { Controller, Get, NotFoundException, Param, Post, Render, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { sittings } from '../../../projections/sittings.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { givenAt } from '../../event-store/given.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../web/read-your-writes.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { WithdrawCourse } from './withdraw-course.command.js';
import { withdrawalView } from './withdrawal.view.js';

/** 取消报考: asks, and withdraws. */
@Controller('center/courses/:period/:course/withdraw')
export class WithdrawingPage {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(sittings, bills)
  @Render('enrolments/withdraw')
  async show(@CurrentCandidate() { id }: Visitor, @Param('period') period: string, @Param('course') course: string) {
    const [candidateSittings, candidateBills] = await Promise.all([this.readModels.get(sittings, id), this.readModels.get(bills, id)]);
    const withdrawal = withdrawalView(candidateSittings, candidateBills, period, course, this.catalogue, this.clock.now());
    if (!withdrawal) throw new NotFoundException();
    return { page: { title: '取消报考', parent: '/center/courses', tab: 'exam' }, withdrawal };
  }

  @Post()
  @DescribesOutcome({ what: '取消报考', see: { href: '/center/courses', text: '查看我的课程' } })
  @UsesReadModels(sittings, bills)
  async withdraw(@CurrentCandidate() { id }: Visitor, @Param('period') period: string, @Param('course') course: string, @Res() reply: FastifyReply) {
    const given = givenAt(this.clock.instant());
    rememberPosition(reply, await this.commands.execute(new WithdrawCourse(given, id, period, course)));
    return reply.header('cache-control', 'no-store').redirect(`/center/courses?withdrawn=${encodeURIComponent(course)}`, 303);
  }
}
