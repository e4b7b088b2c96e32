import { BadRequestException, Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import { Catalogue } from '../../catalogue/catalogue.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { DistrictScope } from '../scope/district-scope.js';
import { OfficeCandidates } from '../scope/office-candidates.js';
import { RecordedViewings } from '../viewing/recorded-viewings.js';
import { People, personRow } from './people.js';

const PAGE = 50;

/** 考生: what can be searched for, and the candidates of a district, page by page. */
@Controller('office/candidates')
@OfficeRoute('find_candidates')
export class CandidatesPage {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly candidates: OfficeCandidates,
    private readonly viewings: RecordedViewings,
    private readonly people: People,
  ) {}

  @Get()
  @UsesReadModels(officers, candidateDistricts, candidate)
  async list(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('district') asked: unknown,
    @Query('after') after: unknown,
  ) {
    const scope = DistrictScope.of(visitor, 'find_candidates');
    const districts = scope.districts ?? this.catalogue.districtNames();
    const district = typeof asked === 'string' && asked !== '' ? asked : districts.length === 1 ? districts[0] : undefined;
    const { candidates, next } = await this.page(visitor, district, typeof after === 'string' ? after : undefined);
    const ids = candidates.map(({ id }) => id);
    if (district !== undefined && ids.length > 0) await this.viewings.record(request, ids, { what: `名单：${district}` });
    return reply.view('office/candidates', {
      page: { title: '考生', place: '/office/candidates' },
      districts: districts.map((name) => ({ name, isChosen: name === district })),
      district,
      rows: (await this.people.of(candidates)).map(personRow),
      next,
    });
  }

  private async page(officer: OfficeVisitor<Role>, district: string | undefined, after: string | undefined) {
    if (district === undefined) return { candidates: [], next: undefined };
    try {
      return await this.candidates.ofDistrict(officer, district, after, PAGE);
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }
}
