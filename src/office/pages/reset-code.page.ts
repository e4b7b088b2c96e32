import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { officers } from '../../../projections/officers.js';
import { causedBy, currentCause } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { Refusal } from '../../event-store/refusal.js';
import { newResetCodeFor } from '../../identity/passwords/new-reset-code.js';
import { SessionKeys } from '../../identity/sessions/session-keys.js';
import { Clock } from '../../kernel/clock.js';
import { IssueResetCode } from '../../registrations/passwords/issue-reset-code.command.js';
import { refused } from '../../registrations/registrations.refusals.js';
import { isAdmissionNo, normalisedNumber } from '../../vault/numbers.js';
import { Vault } from '../../vault/vault.js';
import { refusalMessage } from '../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../web/outcomes/outcome-texts.js';
import { CurrentOfficer, type OfficeVisitor } from '../../web/routes/officer.js';
import { UsesReadModels } from '../../web/routes/uses-read-models.js';
import { noteProblem } from '../note-problem.js';
import type { Role } from '../officers/officers.events.js';
import { OfficeRoute } from '../rights/office-route.js';
import { CandidateNotes } from '../scope/candidate-notes.js';
import { text } from '../sign-in/forms.js';

const PLACE = '/office/reset-code';
const form = z.object({ admissionNo: text, reason: text }).catch({ admissionNo: '', reason: '' });

interface Typed {
  readonly admissionNo: string;
  readonly reason: string;
}

/** 重设密码: a one-time code for a candidate of the officer's districts who was checked at the counter; it is shown once. */
@Controller('office/reset-code')
@OfficeRoute('reset_codes', { isSensitive: true })
export class ResetCodePage {
  constructor(
    private readonly notes: CandidateNotes,
    private readonly vault: Vault,
    private readonly keys: SessionKeys,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@Res() reply: FastifyReply) {
    return page(reply, { admissionNo: '', reason: '' });
  }

  @Post()
  @DescribesOutcome({ what: '发放代码', see: { href: PLACE, text: '再发放一次' }, next: '没有看到代码的，请再发放一次，以前的不再有效。' })
  async issue(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Body() body: unknown) {
    const typed = form.parse(body ?? {});
    const admissionNo = normalisedNumber(typed.admissionNo.slice(0, 100));
    const problem = isAdmissionNo(admissionNo) ? noteProblem(typed.reason) : '';
    if (problem !== undefined) return page(reply.status(422), typed, problem === '' ? '请填写 12 位数字的准考证号。' : `原因${problem}。`);
    const now = this.clock.now();
    try {
      const [id] = await this.vault.find([admissionNo]);
      if (id === undefined) throw refused('candidate.unknown');
      const named = await this.notes.problem(typed.reason, id, visitor);
      if (named !== undefined) return page(reply.status(422), typed, `原因${named}。`);
      const { text: code, keyed, until } = newResetCodeFor(id, this.keys, now);
      const command = new IssueResetCode(givenAt(now.toISOString()), id, keyed, until, visitor.districts);
      await causedBy({ ...currentCause(), why: typed.reason.trim() }, () => this.commands.execute(command));
      return reply.status(200).view('office/reset-code-issued', { page: { title: '重设码', place: PLACE }, admissionNo, code, until });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const isUnknown = error.code === 'candidate.unknown';
      return page(reply.status(422), typed, isUnknown ? '本区没有这个准考证号的考生。' : refusalMessage(error));
    }
  }
}

function page(reply: FastifyReply, { admissionNo, reason }: Typed, message?: string) {
  return reply.view('office/reset-code', { page: { title: '重设密码', place: PLACE }, admissionNo: admissionNo.slice(0, 40), reason, message });
}
