import { Controller, Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import { changedFields } from '../../read-models/differences/changed-fields.js';
import { changesBy } from '../../read-models/rebuilding/explain.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateFile } from './candidate-file.js';
import { FileDocuments } from './file-documents.js';
import { fixtureOf } from './fixture.js';

const asked = z
  .object({ model: z.string().max(100), key: z.string().max(200), field: z.string().max(500), right: z.coerce.number().int().min(1) })
  .partial()
  .catch({});

/** A document's events as a test of its projection, to be kept: all up to a moment, or those alone that changed a field. */
@Controller('office/candidates/:id/fixture')
@OfficeRoute('see_raw_events')
export class FixturePage {
  constructor(
    private readonly file: CandidateFile,
    private readonly documents: FileDocuments,
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
    const { model, key = id, field, right } = asked.parse(query ?? {});
    const { rights } = await this.file.open(request, visitor, 'see_raw_events', id, { what: '档案：存为测试' });
    const document = (await this.documents.of(rights)).find(({ projection, key: of }) => projection.name === model && of === key);
    if (!document) throw new NotFoundException();
    const { projection, events } = document;
    const upTo = events.slice(0, right ?? events.length);
    const changing =
      field === undefined
        ? upTo
        : [...changesBy(projection, upTo, field)].flatMap(({ event, before, after }) => (changedFields(before, after).length > 0 ? [event] : []));
    if (changing.length === 0) throw new NotFoundException();
    reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', 'no-store');
    return reply.header('content-disposition', `attachment; filename="${projection.name}.projection.test.ts"`).send(fixtureOf(document, id, changing));
  }
}
