import { Controller, Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { officers } from '../../../projections/officers.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateFile } from './candidate-file.js';
import { CandidatePages } from './candidate-pages.js';

/** The pages of the centre that can be looked at, by the last part of their address. */
const pages = [
  ['home', '首页', '/center'],
  ['profile', '我的信息', '/center/profile'],
  ['confirmation', '现场确认', '/center/confirmation'],
  ['majors', '专业', '/center/majors'],
  ['courses', '报考课程', '/center/courses'],
  ['exam', '考试安排', '/center/exam'],
  ['results', '成绩', '/center/results'],
  ['declarations', '申报', '/center/declarations'],
  ['status', '考籍', '/center/status'],
  ['bills', '账单', '/center/bills'],
  ['payments', '缴费', '/center/payments'],
  ['account', '我的', '/center/account'],
  ['notices', '通知', '/center/notices'],
] as const;

/** 页面: each page of the centre as the candidate sees it now, at the width of a phone. Nothing on it works. */
@Controller('office/candidates/:id/pages')
@OfficeRoute('see_pages')
export class PagesPage {
  constructor(
    private readonly file: CandidateFile,
    private readonly pages: CandidatePages,
  ) {}

  @Get()
  @UsesReadModels(officers, candidateDistricts, candidate)
  async show(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Param('id') id: string,
    @Query('page') asked: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const chosen = asked === undefined ? pages[0] : pages.find(([name]) => name === asked);
    const shown = await this.file.open(request, visitor, 'see_pages', id, { what: `档案：页面 ${chosen?.[1] ?? ''}`.trim() });
    if (!chosen) throw new NotFoundException();
    const [, title, address] = chosen;
    const { html } = await this.pages.look(id, address);
    return reply.view('office/file/pages', {
      page: { title: `${title}页面`, place: '/office/candidates' },
      head: this.file.head(shown, 'pages'),
      pages: pages.map(([name, text]) => ({ text, href: `/office/candidates/${id}/pages?page=${name}`, isChosen: text === title })),
      title,
      html,
    });
  }
}
