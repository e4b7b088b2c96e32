import { Controller, Get, Query, Render, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { applications } from '../../../projections/applications.js';
import { candidate as candidates } from '../../../projections/candidate.js';
import { sittings } from '../../../projections/sittings.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { searchOf } from '../../web/search.js';
import { barredReason } from '../barred-reasons.js';
import { majorsView } from './majors.view.js';

/** 我的专业, with search by code or name. */
@Controller('center/majors')
export class MajorsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates, sittings, applications)
  @Render('registrations/majors')
  async show(@CurrentCandidate() { id }: Visitor, @Query('code') code: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    const search = searchOf(code);
    if (search.refused) reply.status(422);
    const [candidate, sat, applied] = await Promise.all([
      this.readModels.get(candidates, id),
      this.readModels.get(sittings, id),
      this.readModels.get(applications, id),
    ]);
    const majors = majorsView(candidate, sat, applied, this.catalogue, this.clock.now(), search);
    return { page: { title: '我的专业', parent: '/center', tab: 'home' }, search, majors, barred: barredReason(candidate) };
  }
}
