import { Injectable, NotFoundException } from '@nestjs/common';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import type { Duties } from '../officers/officers.events.js';
import type { Right } from '../rights/rights.js';
import { CandidateRights } from './candidate-rights.js';
import { DistrictScope } from './district-scope.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Candidates as an officer may find them: another district's are not there. */
@Injectable()
export class OfficeCandidates {
  constructor(
    private readonly readModels: ReadModels,
    private readonly lag: ReadModelLag,
  ) {}

  /**
   * What the officer may see of the candidate.
   * @param right without which the candidate is not there
   * @throws NotFoundException also for a candidate of another district
   * @throws StillUpdating while the read model is behind: the candidate may have changed the district
   */
  async visible(officer: Duties, right: Right, id: string): Promise<CandidateRights> {
    const [candidate] = await this.found(officer, [id]);
    if (!candidate?.may(right)) throw new NotFoundException();
    return candidate;
  }

  /** Those of the candidates that exist and that the officer may find, in their order. @throws StillUpdating */
  async found(officer: Duties, ids: readonly string[]): Promise<readonly CandidateRights[]> {
    this.assertUpToDate();
    const candidates = await Promise.all(ids.filter((id) => ID.test(id)).map((id) => this.rightsIn(officer, id)));
    return candidates.filter((candidate) => candidate.may('find_candidates'));
  }

  /**
   * The candidates of a district, page by page; none of a district that the officer may not see.
   * @returns them and the cursor of the next page, if there may be one
   * @throws StillUpdating, UnreadableCursor
   */
  async ofDistrict(officer: Duties, district: string, after: string | undefined, limit: number) {
    this.assertUpToDate();
    if (!DistrictScope.of(officer, 'find_candidates').includes(district)) return { candidates: [], next: undefined };
    const listed = await this.readModels.lookUp(candidateDistricts, 'district', district, after, limit);
    const ids = listed.map(({ key }) => key);
    return { candidates: await this.found(officer, ids), next: listed.length === limit ? listed.at(-1)?.cursor : undefined };
  }

  private async rightsIn(officer: Duties, id: string): Promise<CandidateRights> {
    const { district } = await this.readModels.get(candidateDistricts, id);
    const isLimited = officer.districts.length > 0;
    return new CandidateRights(id, officer, district, !isLimited || !(await this.readModels.isQuarantined(candidateDistricts, id)));
  }

  private assertUpToDate(): void {
    const seconds = this.lag.behind([candidateDistricts]);
    if (seconds !== undefined) throw new StillUpdating(seconds);
  }
}
