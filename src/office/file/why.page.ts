import { Controller, Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateFile } from './candidate-file.js';
import { FieldHistory } from './field-history.js';
import { fieldName, readModelName } from './read-model-names.js';

const asked = z
  .object({ model: z.string().max(100), key: z.string().max(200), field: z.string().max(500) })
  .partial()
  .catch({});

/** 为什么: the events behind a field of a document. */
@Controller('office/candidates/:id/why')
@OfficeRoute('find_candidates')
export class WhyPage {
  constructor(
    private readonly file: CandidateFile,
    private readonly history: FieldHistory,
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
    const { model, key = id, field } = asked.parse(query ?? {});
    const shown = await this.file.open(request, visitor, 'find_candidates', id, {
      what: `档案：为什么 ${model === undefined ? '' : readModelName(model)}`.trim(),
    });
    if (model === undefined || field === undefined || field === '') throw new NotFoundException();
    const view = await this.history.of(shown.rights, { model, key, field });
    if (!view) throw new NotFoundException();
    const document = new URLSearchParams({ model, ...(key !== id && { key }) });
    const base = `/office/candidates/${id}`;
    return reply.view('office/file/why', {
      page: { title: '为什么是这样', place: '/office/candidates' },
      head: this.file.head(shown, 'data'),
      ...view,
      model,
      modelName: readModelName(model),
      field,
      fieldName: fieldName(field),
      dataHref: `${base}/data?${document}`,
      fixtureHref: shown.rights.may('see_raw_events') && view.steps.length > 0 ? `${base}/fixture?${document}&field=${encodeURIComponent(field)}` : undefined,
    });
  }
}
