import { Controller, Get, Render } from '@nestjs/common';
import { candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Vault } from '../../vault/vault.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { openedPerson } from '../person.js';
import { profileView } from './profile.view.js';

/** 基本信息: the data of the registration. */
@Controller('center/profile')
export class ProfilePage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates)
  @Render('registrations/profile')
  async show(@CurrentCandidate() { id }: Visitor) {
    const [candidate, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    const person = openedPerson(candidate, safe);
    return { page: { title: '基本信息', parent: '/center', tab: 'home' }, ...profileView(candidate, person, this.catalogue, this.clock.now()) };
  }
}
