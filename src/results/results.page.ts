import { Controller, Get, Query, Render } from '@nestjs/common';
import { sittings } from '../../projections/sittings.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { Clock } from '../kernel/clock.js';
import { ReadModels } from '../read-models/read-models.js';
import { UsesReadModels } from '../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../web/routes/visitor.js';
import { resultsView, resultTab } from './results.view.js';

/** 当期成绩, and past results below. The page does not reload by itself: it says when more results are released. */
@Controller('center/results')
export class ResultsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(sittings)
  @Render('results/results')
  async show(@CurrentCandidate() candidate: Visitor, @Query('tab') tab: unknown) {
    const own = await this.readModels.get(sittings, candidate.id);
    return { page: { title: '当期成绩', parent: '/center', tab: 'exam' }, ...resultsView(own, this.catalogue, this.clock.now(), resultTab(tab)) };
  }
}
