import { Controller, Get, Render } from '@nestjs/common';
import { applications } from '../../projections/applications.js';
import { candidate as candidates } from '../../projections/candidate.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { ReadModels } from '../read-models/read-models.js';
import { barredReason } from '../registrations/barred-reasons.js';
import { Vault } from '../vault/vault.js';
import { UsesReadModels } from '../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../web/routes/visitor.js';
import { applicationViews } from './status.view.js';

/** 考籍信息: the candidate's status applications, newest first. */
@Controller('center/status')
export class StatusPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly vault: Vault,
  ) {}

  @Get()
  @UsesReadModels(applications, candidates)
  @Render('status-applications/status')
  async show(@CurrentCandidate() candidate: Visitor) {
    const [all, account, safe] = await Promise.all([
      this.readModels.get(applications, candidate.id),
      this.readModels.get(candidates, candidate.id),
      this.vault.safe(candidate.id),
    ]);
    return {
      page: { title: '考籍信息', parent: '/center', tab: 'home' },
      applications: applicationViews(all, this.catalogue, safe),
      barred: barredReason(account),
    };
  }
}
