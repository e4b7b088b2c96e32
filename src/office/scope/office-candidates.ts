import { Injectable, NotFoundException } from '@nestjs/common';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { ReadModelLag } from '../../read-models/projecting/read-model-lag.js';
import { ReadModels } from '../../read-models/read-models.js';
import { StillUpdating } from '../../web/errors/still-updating.js';
import type { DistrictScope } from './district-scope.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Candidates as an officer may find them: another district's are not there. */
@Injectable()
export class OfficeCandidates {
  constructor(
    private readonly readModels: ReadModels,
    private readonly lag: ReadModelLag,
  ) {}

  /**
   * That the candidate exists and may be seen.
   * @throws NotFoundException also for a candidate of another district
   * @throws StillUpdating while the read model is behind: the candidate may have changed the district
   */
  async assertVisible(scope: DistrictScope, id: string): Promise<void> {
    const [visible] = await this.visible(scope, [id]);
    if (visible === undefined) throw new NotFoundException();
  }

  /** Those of the candidates that exist and may be seen, in their order. @throws StillUpdating */
  async visible(scope: DistrictScope, ids: readonly string[]): Promise<readonly string[]> {
    this.assertUpToDate();
    const areVisible = await Promise.all(ids.map((id) => this.isVisible(scope, id)));
    return ids.filter((_, at) => areVisible[at]);
  }

  /**
   * Ids of the candidates of a district, page by page; none of a district that the officer may not see.
   * @throws StillUpdating, UnreadableCursor
   */
  async ofDistrict(scope: DistrictScope, district: string, after: string | undefined, limit: number) {
    this.assertUpToDate();
    if (!scope.includes(district)) return [];
    const listed = await this.readModels.lookUp(candidateDistricts, 'district', district, after, limit);
    return listed.map(({ key, cursor }) => ({ id: key, cursor }));
  }

  private async isVisible(scope: DistrictScope, id: string): Promise<boolean> {
    if (!ID.test(id) || !scope.includes((await this.readModels.get(candidateDistricts, id)).district)) return false;
    // a document in quarantine may be of before the candidate moved
    return scope.districts === undefined || !(await this.readModels.isQuarantined(candidateDistricts, id));
  }

  private assertUpToDate(): void {
    const seconds = this.lag.behind([candidateDistricts]);
    if (seconds !== undefined) throw new StillUpdating(seconds);
  }
}
