import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import type { Origin } from '../../event-store/event.js';
import { type EventKind, isEventKind } from '../../timeline/kinds.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateFile } from './candidate-file.js';
import { FileTimeline } from './file-timeline.js';
import { isOrigin, originNames } from './timeline.view.js';

const date = z.iso.date().optional().catch(undefined);
const position = z
  .string()
  .regex(/^\d{1,40}$/)
  .optional()
  .catch(undefined);
const filter = z.object({
  kind: z.custom<EventKind>(isEventKind).optional().catch(undefined),
  origin: z.custom<Origin>(isOrigin).optional().catch(undefined),
  since: date,
  until: date,
  before: z
    .string()
    .regex(/^[\dT:.Z-]{20,30}~.{0,100}$/)
    .optional()
    .catch(undefined),
  event: position,
});

/** 时间线: everything that happened to a candidate, in plain words. */
@Controller('office/candidates/:id')
@OfficeRoute('find_candidates')
export class TimelinePage {
  constructor(
    private readonly file: CandidateFile,
    private readonly timeline: FileTimeline,
  ) {}

  @Get()
  @UsesReadModels(officers, candidateDistricts, candidate)
  async show(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { event, ...asked } = filter.parse(query ?? {});
    const shown = await this.file.open(request, visitor, 'find_candidates', id, { what: '档案：时间线' });
    const view = await this.timeline.of(shown.rights, asked, event);
    const base = `/office/candidates/${id}`;
    const chosen = { kind: asked.kind, origin: asked.origin, since: asked.since, until: asked.until };
    return reply.view('office/file/timeline', {
      page: { title: shown.person?.name ?? '考生档案', place: '/office/candidates' },
      head: this.file.head(shown, 'timeline'),
      ...view,
      kinds: view.kinds.map((kind) => ({ ...kind, href: addressOf(base, { ...chosen, kind: kind.kind }) })),
      allHref: addressOf(base, { ...chosen, kind: undefined }),
      isFiltered: Object.values(chosen).some((each) => each !== undefined),
      isAllKinds: asked.kind === undefined,
      kind: asked.kind,
      since: asked.since,
      until: asked.until,
      origins: originNames.map((each) => ({ ...each, isChosen: each.origin === asked.origin })),
      earlier: view.before && addressOf(base, { ...chosen, before: view.before }),
    });
  }
}

function addressOf(base: string, asked: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])));
  return query.size > 0 ? `${base}?${query}` : base;
}
