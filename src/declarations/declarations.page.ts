import { Controller, Get, Query, Render } from '@nestjs/common';
import { bills } from '../../projections/bills.js';
import { candidate as candidates } from '../../projections/candidate.js';
import { declarations } from '../../projections/declarations.js';
import type { DeclarationKind } from '../catalogue/catalogue.events.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { Clock } from '../kernel/clock.js';
import { ReadModels } from '../read-models/read-models.js';
import { barredReason } from '../registrations/barred-reasons.js';
import { Vault } from '../vault/vault.js';
import { UsesReadModels } from '../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../web/routes/visitor.js';
import { declarationKinds, declarationsOf } from './declarations.view.js';

/** 申报状态: thesis, degree and graduation, a tab each; an unknown tab is the first. */
@Controller('center/declarations')
export class DeclarationsPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly catalogue: Catalogue,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(declarations, bills, candidates)
  @Render('declarations/declarations')
  async show(@CurrentCandidate() candidate: Visitor, @Query('tab') tab: unknown) {
    const kind = (Object.keys(declarationKinds) as DeclarationKind[]).find((each) => each === tab) ?? 'thesis';
    const [all, own, account, safe] = await Promise.all([
      this.readModels.get(declarations, candidate.id),
      this.readModels.get(bills, candidate.id),
      this.readModels.get(candidates, candidate.id),
      this.vault.safe(candidate.id),
    ]);
    const tabs = Object.entries(declarationKinds).map(([key, label]) => ({ href: `/center/declarations?tab=${key}`, label, current: key === kind }));
    return {
      page: { title: '申报状态', parent: '/center', tab: 'home' },
      tabs,
      label: declarationKinds[kind],
      barred: barredReason(account),
      ...declarationsOf(kind, all, own, this.catalogue, safe, this.clock.now()),
    };
  }
}
