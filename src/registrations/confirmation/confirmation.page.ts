import { Controller, Get, Render } from '@nestjs/common';
import { candidate as candidates } from '../../../projections/candidate.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { Clock } from '../../kernel/clock.js';
import { ReadModels } from '../../read-models/read-models.js';
import { Vault } from '../../vault/vault.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { AlsoUnconfirmed, CurrentCandidate, type Visitor } from '../../web/routes/visitor.js';
import { openedPerson } from '../person.js';
import { confirmationView } from './confirmation.view.js';

/** 现场确认区县: where a new candidate is confirmed. Unconfirmed candidates have no other page of their own. */
@Controller('center/confirmation')
@AlsoUnconfirmed()
export class ConfirmationPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(candidates)
  @Render('registrations/confirmation')
  async show(@CurrentCandidate() { id, limited }: Visitor) {
    const [candidate, safe] = await Promise.all([this.readModels.get(candidates, id), this.vault.safe(id)]);
    const person = openedPerson(candidate, safe);
    const page = limited ? { title: '现场确认区县' } : { title: '现场确认区县', parent: '/center', tab: 'home' };
    return { page, limited, ...confirmationView(candidate, person, this.catalogue, this.clock.now()) };
  }
}
