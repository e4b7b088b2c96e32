import { Controller, Get, Render } from '@nestjs/common';
import { bills } from '../../projections/bills.js';
import { candidate as candidates } from '../../projections/candidate.js';
import { sittings } from '../../projections/sittings.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { contentText } from '../catalogue/contents/content-text.js';
import { Clock } from '../kernel/clock.js';
import { ReadModels } from '../read-models/read-models.js';
import { openedPerson } from '../registrations/person.js';
import { Vault } from '../vault/vault.js';
import { UsesReadModels } from '../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../web/routes/visitor.js';
import { functionsFor } from './centre-functions.js';
import { homeView } from './home.view.js';
import { quickChannels } from './quick-channels.js';

/** 首页: who the candidate is, what matters now, and links to everything else. */
@Controller('center')
export class HomePage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates, sittings, bills)
  @Render('home/home')
  async show(@CurrentCandidate() { id }: Visitor) {
    const [candidate, candidateSittings, candidateBills, safe] = await Promise.all([
      this.readModels.get(candidates, id),
      this.readModels.get(sittings, id),
      this.readModels.get(bills, id),
      this.vault.safe(id),
    ]);
    const now = this.clock.now();
    const view = homeView(candidate, candidateSittings, candidateBills, this.catalogue, now);
    return {
      page: { title: '首页', tab: 'home' },
      person: openedPerson(candidate, safe),
      photo: candidate.photo?.slice(0, 12),
      ...view,
      functions: functionsFor(view),
      channels: quickChannels(contentText(this.catalogue, 'quick_channels', now)),
    };
  }
}
