import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import { timelineOf } from '../../timeline/timeline.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { ZONE } from '../../web/views/formats.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateFile } from './candidate-file.js';
import { countAt, dataView, type Moments, momentsOf } from './data.view.js';
import { FileDocuments } from './file-documents.js';
import { FileWords } from './file-words.js';
import type { PersonDocument } from './person-documents.js';
import { readModelName } from './read-model-names.js';

const count = z.coerce.number().int().min(0).optional().catch(undefined);
/** A time of Beijing, as `datetime-local` sends it. */
const moment = z.iso.datetime({ local: true }).optional().catch(undefined);
const asked = z.object({
  /** The read model and the key, as `sittings` or `receipts 0000000042`. */
  model: z.string().max(300).optional().catch(undefined),
  key: z.string().max(200).optional().catch(undefined),
  left: count,
  right: count,
  leftAt: moment,
  rightAt: moment,
  all: z.literal('1').optional().catch(undefined),
  event: z.string().max(40).optional().catch(undefined),
});

type Asked = z.infer<typeof asked>;

/** 数据: any document of a candidate now and at any past moment, two of them side by side, folded from the events by the real code. */
@Controller('office/candidates/:id/data')
@OfficeRoute('find_candidates')
export class DataPage {
  constructor(
    private readonly file: CandidateFile,
    private readonly documents: FileDocuments,
    private readonly words: FileWords,
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
    const given = asked.parse(query ?? {});
    const shown = await this.file.open(request, visitor, 'find_candidates', id, { what: '档案：数据' });
    const [documents, words] = await Promise.all([this.documents.of(shown.rights), this.words.of(shown.rights)]);
    const document = chosen(documents, given, id);
    const page = { title: '数据', place: '/office/candidates' };
    const head = this.file.head(shown, 'data');
    if (!document) return reply.view('office/file/no-data', { page, head });
    const moments = momentsAsked(document, given);
    const base = `/office/candidates/${id}`;
    const self = { model: document.projection.name, ...(document.key !== id && { key: document.key }), ...(given.all && { all: '1' }) };
    const at = (moved: Partial<Moments>) => `${base}/data?${new URLSearchParams({ ...self, ...numbers({ ...moments, ...moved }) })}`;
    const of = new URLSearchParams({ model: self.model, ...(self.key !== undefined && { key: self.key }) });
    const view = dataView(document, moments, given.all !== undefined);
    const sentences = timelineOf(document.events, words);
    return reply.view('office/file/data', {
      page,
      head,
      choices: documents.map((each) => ({
        value: `${each.projection.name} ${each.key}`,
        text: each.key === id ? readModelName(each.projection.name) : `${readModelName(each.projection.name)} ${each.key}`,
        isChosen: each === document,
      })),
      model: document.projection.name,
      modelName: readModelName(document.projection.name),
      key: document.key,
      count: document.events.length,
      left: sideOf(document, moments.left),
      right: sideOf(document, moments.right),
      ...view,
      rows: view.rows.map((row) => ({ ...row, whyHref: `${base}/why?${of}&field=${encodeURIComponent(row.path)}` })),
      isAll: given.all !== undefined,
      allHref: `${base}/data?${new URLSearchParams({ ...self, all: '1', ...numbers(moments) })}`,
      changedHref: `${base}/data?${of}&${new URLSearchParams(numbers(moments))}`,
      earlier: moments.left > 0 || moments.right > 0 ? at({ left: Math.max(0, moments.left - 1), right: Math.max(0, moments.right - 1) }) : undefined,
      later: moments.right < document.events.length ? at({ left: moments.left + 1, right: moments.right + 1 }) : undefined,
      between: sentences
        .slice(Math.min(moments.left, moments.right), Math.max(moments.left, moments.right))
        .map(({ recordedAt, sentence, who, why }) => ({ recordedAt, sentence, who, why }))
        .toReversed(),
      fixtureHref: shown.rights.may('see_raw_events') && moments.right > 0 ? `${base}/fixture?${of}&right=${moments.right}` : undefined,
    });
  }
}

/** The document that is asked for, or the first that the event is of; by default the first of all. */
function chosen(documents: readonly PersonDocument[], { model, key, event }: Asked, id: string): PersonDocument | undefined {
  const [name, keyInName] = model?.split(' ') ?? [];
  const wanted = documents.find((each) => each.projection.name === name && each.key === (keyInName ?? key ?? id));
  if (wanted) return wanted;
  const ofEvent = event === undefined ? undefined : documents.find(({ events }) => events.some(({ position }) => position === event));
  return ofEvent ?? documents[0];
}

function momentsAsked({ events }: PersonDocument, { left, right, leftAt, rightAt, event }: Asked): Moments {
  const ofEvent = event === undefined ? -1 : events.findIndex(({ position }) => position === event);
  const at = (local: string | undefined) =>
    local === undefined ? undefined : countAt(events, DateTime.fromISO(local, { zone: ZONE }).endOf('minute').toUTC().toISO() ?? '');
  return momentsOf(events.length, { left: at(leftAt) ?? left, right: at(rightAt) ?? right ?? (ofEvent < 0 ? undefined : ofEvent + 1) });
}

/** A moment: after which event, and when that was recorded. */
function sideOf({ events }: PersonDocument, moment: number) {
  const event = events[moment - 1];
  return { moment, isNow: moment === events.length, at: event?.recordedAt, label: event && `@${event.position.replace(/^0+(?=\d)/, '')}` };
}

function numbers({ left, right }: Moments): Record<string, string> {
  return { left: String(left), right: String(right) };
}
