import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateNotes } from '../scope/candidate-notes.js';
import { text } from '../sign-in/forms.js';
import { CandidateFile } from './candidate-file.js';

const form = z.object({ reason: text });

/** Shows the masked values of a person once, to whoever says why, which is recorded first. */
@Controller('office/candidates/:id/reveal')
@OfficeRoute('see_persons')
export class RevealPage {
  constructor(
    private readonly file: CandidateFile,
    private readonly notes: CandidateNotes,
  ) {}

  @Post()
  @DescribesOutcome({ what: '查看证件号码', see: { href: '/office/candidates/:id', text: '回到档案' } })
  async reveal(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { reason } = form.parse(body ?? {});
    const problem = await this.notes.problem(reason, id, visitor);
    const what = problem === undefined ? '档案：证件号码' : '档案';
    const shown = await this.file.open(request, visitor, 'see_persons', id, { what, ...(problem === undefined && { reason: reason.trim() }) });
    return reply.status(problem === undefined ? 200 : 422).view('office/file/revealed', {
      page: { title: '证件号码', place: '/office/candidates' },
      head: this.file.head(shown, 'timeline'),
      problem: problem && `原因${problem}。`,
      reason,
      person: problem === undefined ? shown.person : undefined,
    });
  }
}
