import { BadRequestException, Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { viewerOf, viewings } from '../../../projections/viewings.js';
import { ReadModels } from '../../read-models/read-models.js';
import { UnreadableCursor } from '../../read-models/serving/cursor.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { OfficeRoute } from '../rights/office-route.js';
import { RecordSearch } from '../search/record-search.js';
import { accountName, text } from '../sign-in/forms.js';
import { RecordedViewings } from './recorded-viewings.js';

const PAGE = 50;
/** Candidates of one viewing that a row names. */
const NAMED = 5;

const asked = z.object({ candidate: text, officer: accountName });
const form = z.object({ who: text, officer: accountName });

/** 查看记录: who looked at whom, and why; for 审计. Candidates are named by their ids alone. */
@Controller('office/viewings')
@OfficeRoute('see_viewings')
export class ViewingsPage {
  constructor(
    private readonly records: RecordSearch,
    private readonly readModels: ReadModels,
    private readonly recorded: RecordedViewings,
  ) {}

  @Get()
  @UsesReadModels(officers, viewings)
  async list(@Res() reply: FastifyReply, @Query() query: unknown, @Query('after') after: unknown) {
    const { candidate, officer } = asked.parse(query ?? {});
    const listed = await this.page(candidate, officer, typeof after === 'string' ? after : undefined);
    return this.view(reply, { candidate, officer }, listed);
  }

  /** Takes whatever the search box takes, and leads to the candidate's id, which may stand in an address. */
  @Post()
  @DescribesOutcome({ what: '查找查看记录', see: { href: '/office/viewings', text: '再查一次' } })
  async find(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Body() body: unknown) {
    const { who, officer } = form.parse(body ?? {});
    const found = await this.records.named(who);
    const ids = [...new Set(found.flatMap(({ candidateId }) => candidateId ?? []))];
    if (who.trim() !== '' && ids.length === 0) return this.view(reply.status(422), { candidate: '', officer }, [], '没有找到这位考生。');
    if (ids.length > 0) await this.recorded.record(request, ids, { what: '查找查看记录' }); // the answer tells that there are such persons
    if (ids.length > 1) return this.view(reply.status(422), { candidate: '', officer }, [], `有 ${ids.length} 位考生，请用准考证号查。`);
    const query = new URLSearchParams({ ...(ids[0] !== undefined && { candidate: ids[0] }), ...(officer !== '' && { officer }) });
    return reply.header('cache-control', 'no-store').redirect(`/office/viewings${query.size > 0 ? `?${query}` : ''}`, 303);
  }

  private async page(candidate: string, officer: string, after: string | undefined) {
    const by = `office:${officer}`;
    try {
      if (candidate !== '' && officer !== '') return await this.readModels.lookUp(viewings, 'both', viewerOf(by, candidate), after, PAGE);
      if (candidate !== '') return await this.readModels.lookUp(viewings, 'candidate', candidate, after, PAGE);
      if (officer !== '') return await this.readModels.lookUp(viewings, 'officer', by, after, PAGE);
      return await this.readModels.list(viewings, 'newest', after, PAGE);
    } catch (error) {
      if (error instanceof UnreadableCursor) throw new BadRequestException();
      throw error;
    }
  }

  private view(
    reply: FastifyReply,
    { candidate, officer }: z.infer<typeof asked>,
    listed: Awaited<ReturnType<ViewingsPage['page']>>,
    message?: string,
  ): FastifyReply {
    const last = listed.length === PAGE ? listed.at(-1)?.cursor : undefined;
    const next = last && new URLSearchParams({ ...(candidate !== '' && { candidate }), ...(officer !== '' && { officer }), after: last });
    return reply.view('office/viewings', {
      page: { title: '查看记录', place: '/office/viewings' },
      candidate,
      officer,
      message,
      rows: listed.map(({ document: { at, viewer, what, reason, candidateIds } }) => ({
        at,
        by: viewer.replace(/^office:/, ''),
        what,
        reason,
        candidates: candidateIds.slice(0, NAMED),
        others: Math.max(0, candidateIds.length - NAMED),
      })),
      next: next && `/office/viewings?${next}`,
    });
  }
}
