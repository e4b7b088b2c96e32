import { Injectable } from '@nestjs/common';
import { type Candidate, candidate } from '../../../projections/candidate.js';
import { ReadModels } from '../../read-models/read-models.js';
import { openedPerson } from '../../registrations/person.js';
import type { Person } from '../../registrations/registrations.events.js';
import { accountStateNames } from '../../registrations/state-names.js';
import { Vault } from '../../vault/vault.js';
import type { CandidateRights } from '../scope/candidate-rights.js';

/** A candidate as lists and the head of a file show one. */
export interface ShownPerson {
  readonly id: string;
  /** What the officer may see of the candidate. */
  readonly rights: CandidateRights;
  readonly document: Candidate;
  /** Undefined for who may not see it, and of a candidate who is forgotten or whose registration was voided. */
  readonly person: Person | undefined;
}

/** Who candidates are, as far as an officer may see it. Whoever asks has recorded that they are looked at. */
@Injectable()
export class People {
  constructor(
    private readonly readModels: ReadModels,
    private readonly vault: Vault,
  ) {}

  async of(candidates: readonly CandidateRights[]): Promise<readonly ShownPerson[]> {
    return Promise.all(
      candidates.map(async (rights) => {
        const { id } = rights;
        const document = await this.readModels.get(candidate, id);
        return { id, rights, document, person: rights.may('see_persons') ? openedPerson(document, await this.vault.safe(id)) : undefined };
      }),
    );
  }
}

/** A row of a list of candidates. */
export function personRow({ id, document, person }: ShownPerson) {
  const { district, accountState, confirmed, registeredPeriod } = document;
  return {
    id,
    name: person?.name,
    admissionNo: person?.admissionNo,
    /** Forgotten, or the registration was voided: no state is left that could be told. */
    isGone: document.person === undefined,
    district: district || '（无）',
    account: accountStateNames[accountState],
    confirmed,
    registeredPeriod,
  };
}
