import { Injectable } from '@nestjs/common';
import { EventStore } from '../../event-store/event-store.js';
import { candidateName } from '../../registrations/candidate-name.js';
import { Vault } from '../../vault/vault.js';
import type { OfficeVisitor } from '../../web/routes/officer.js';
import { noteProblem } from '../note-problem.js';
import type { Role } from '../officers/officers.events.js';
import { DistrictScope } from './district-scope.js';

/** Checks what officers write about a candidate. */
@Injectable()
export class CandidateNotes {
  constructor(
    private readonly events: EventStore,
    private readonly vault: Vault,
  ) {}

  /** As `noteProblem`; a candidate whom the officer may not see has no name here, so that none can be guessed. @throws StoreUnavailable */
  async problem(text: string, id: string, visitor: OfficeVisitor<Role>): Promise<string | undefined> {
    return noteProblem(text, await candidateName(id, DistrictScope.of(visitor, 'see_persons').districts, { events: this.events, vault: this.vault }));
  }
}
