import { Controller, Get, Render } from '@nestjs/common';
import { candidate as candidates } from '../../../projections/candidate.js';
import { sittings } from '../../../projections/sittings.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import { Vault } from '../../vault/vault.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { examView } from './exam.view.js';

/** 考试信息: time and place of each paper, once they are released. */
@Controller('center/exam')
export class ExamPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates, sittings)
  @Render('enrolments/exam')
  async show(@CurrentCandidate() { id }: Visitor) {
    const [candidate, candidateSittings, safe] = await Promise.all([
      this.readModels.get(candidates, id),
      this.readModels.get(sittings, id),
      this.vault.safe(id),
    ]);
    const person = openedPerson(candidate, safe);
    return { page: { title: '考试信息', parent: '/center', tab: 'exam' }, person, ...examView(candidateSittings, this.catalogue, this.clock.now()) };
  }
}
