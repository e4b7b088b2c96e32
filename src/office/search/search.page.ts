import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EventKind } from '../../timeline/kinds.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { mayDo, type Right } from '../rights/rights.js';
import type { CandidateRights } from '../scope/candidate-rights.js';
import { DistrictScope } from '../scope/district-scope.js';
import { OfficeCandidates } from '../scope/office-candidates.js';
import { text } from '../sign-in/forms.js';
import { RecordedViewings } from '../viewing/recorded-viewings.js';
import { People, personRow } from './people.js';
import { RecordSearch } from './record-search.js';
import { type FoundRecord, MOST_FOUND } from './records.js';

const form = z.object({ q: text });

/** Candidates that are listed at once. */
const LISTED = 100;

/**
 * The one search box. It is sent by POST: numbers and names of people belong in no address, which browsers and proxies remember. What is of
 * another district is not found.
 */
@Controller('office/search')
@OfficeRoute('find_candidates')
export class SearchPage {
  constructor(
    private readonly records: RecordSearch,
    private readonly candidates: OfficeCandidates,
    private readonly viewings: RecordedViewings,
    private readonly people: People,
  ) {}

  @Post()
  @DescribesOutcome({ what: '查找', see: { href: '/office/candidates', text: '再查一次' } })
  async find(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { q } = form.parse(body ?? {});
    const found = await this.records.named(q);
    const task = mayDo(visitor.roles, 'tasks') ? found.find((each) => each.task !== undefined)?.task : undefined;
    if (task !== undefined) return reply.header('cache-control', 'no-store').redirect(`/office/tasks/${encodeURIComponent(task)}`, 303);
    const candidates = await this.foundBy(visitor, found);
    const listed = candidates.slice(0, LISTED);
    const ids = listed.map(({ id }) => id);
    if (ids.length > 0) await this.viewings.record(request, ids, { what: '查找' }); // also of one: that there is such a person is told
    const [only, ...others] = ids;
    if (only !== undefined && others.length === 0) return reply.header('cache-control', 'no-store').redirect(fileAddress(only, found), 303);
    const rows = (await this.people.of(listed)).map(personRow);
    return reply.status(200).view('office/found', {
      page: { title: '查找', place: '/office/candidates' },
      rows,
      isCut: candidates.length > LISTED || found.length >= MOST_FOUND,
      isOfDistricts: isOfDistricts(visitor, 'find_candidates'),
      arePersonsOfDistricts: isOfDistricts(visitor, 'see_persons'),
    });
  }

  /** By what a person is called or numbered only those are found of whom the officer may see it. */
  private async foundBy(visitor: OfficeVisitor<Role>, found: readonly FoundRecord[]): Promise<readonly CandidateRights[]> {
    const candidates = await this.candidates.found(visitor, [...new Set(found.flatMap(({ candidateId }) => candidateId ?? []))]);
    const withoutPerson = new Set(found.flatMap(({ candidateId, isByPerson }) => (isByPerson ? [] : (candidateId ?? []))));
    return candidates.filter((candidate) => withoutPerson.has(candidate.id) || candidate.may('see_persons'));
  }
}

/** Whether the officer's districts limit the right. */
function isOfDistricts(visitor: OfficeVisitor<Role>, right: Right): boolean {
  return DistrictScope.of(visitor, right).districts !== undefined;
}

/** What of a file is of interest to whoever searched for it. */
const kindOf: Readonly<Partial<Record<FoundRecord['kind'], EventKind>>> = {
  bill: 'payment',
  order: 'payment',
  receipt: 'payment',
  declaration: 'declaration',
  application: 'declaration',
};

/** The candidate's file, at the event that was asked for, or with what concerns money or declarations where that was. */
function fileAddress(id: string, found: readonly FoundRecord[]): string {
  const ofCandidate = found.filter(({ candidateId }) => candidateId === id);
  const position = ofCandidate.find(({ kind }) => kind === 'event')?.position;
  const kind = ofCandidate.map((each) => kindOf[each.kind]).find((each) => each !== undefined);
  if (position !== undefined) return `/office/candidates/${id}?event=${position}`;
  return `/office/candidates/${id}${kind === undefined ? '' : `?kind=${kind}`}`;
}
