import { Controller, Get, Query, Render, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { bills } from '../../../projections/bills.js';
import { candidate as candidates } from '../../../projections/candidate.js';
import { sittings } from '../../../projections/sittings.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { enrolmentBarredReason } from '../../registrations/barred-reasons.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { searchOf } from '../../web/search.js';
import { coursesView, withdrawnCourse } from './courses.view.js';

/** 我的课程（当期报考）, with search by code or name. */
@Controller('center/courses')
export class CoursesPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(sittings, bills, candidates)
  @Render('enrolments/courses')
  async show(
    @CurrentCandidate() candidate: Visitor,
    @Query('code') code: unknown,
    @Query('withdrawn') withdrawn: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const search = searchOf(code);
    if (search.refused) reply.status(422);
    const [candidateSittings, candidateBills, account] = await Promise.all([
      this.readModels.get(sittings, candidate.id),
      this.readModels.get(bills, candidate.id),
      this.readModels.get(candidates, candidate.id),
    ]);
    const now = this.clock.now();
    const periods = coursesView(candidateSittings, candidateBills, this.catalogue, now, search, enrolmentBarredReason(account));
    const withdrawnName = withdrawnCourse(candidateSittings, withdrawn, this.catalogue, now);
    return { page: { title: '我的课程', parent: '/center', tab: 'exam' }, search, periods, withdrawn: withdrawnName };
  }
}
