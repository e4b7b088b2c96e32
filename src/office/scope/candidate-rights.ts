import type { Duties } from '../officers/officers.events.js';
import type { Right } from '../rights/rights.js';
import { DistrictScope } from './district-scope.js';

/** What an officer may see of one candidate. `OfficeCandidates` makes it; whatever is read about a candidate asks it, not the roles. */
export class CandidateRights {
  constructor(
    readonly id: string,
    private readonly officer: Duties,
    /** Undefined where nobody is registered. */
    private readonly district: string | undefined,
    /** False of a document in quarantine, which may be of before the candidate moved. */
    private readonly isCertain: boolean,
  ) {}

  may(right: Right): boolean {
    const scope = DistrictScope.of(this.officer, right);
    return scope.includes(this.district) && (this.isCertain || scope.districts === undefined);
  }
}
