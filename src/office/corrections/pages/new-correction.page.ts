import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { officers } from '../../../../projections/officers.js';
import { Refusal } from '../../../event-store/refusal.js';
import { Clock } from '../../../kernel/clock.js';
import { isAdmissionNo, normalisedNumber } from '../../../vault/numbers.js';
import { Vault } from '../../../vault/vault.js';
import { refusalMessage } from '../../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../../web/outcomes/outcome-texts.js';
import { CurrentOfficer, type OfficeVisitor } from '../../../web/routes/officer.js';
import { UsesReadModels } from '../../../web/routes/uses-read-models.js';
import { noteProblem } from '../../note-problem.js';
import type { Role } from '../../officers/officers.events.js';
import { OfficeRoute } from '../../rights/office-route.js';
import { CandidateNotes } from '../../scope/candidate-notes.js';
import { CORRECTION_KINDS } from '../correction.js';
import { CorrectionDesk } from '../correction-desk.js';
import { mayPropose } from '../correction-roles.js';
import type { CorrectionName } from '../corrections.events.js';
import { columnsOf, faultOf } from '../proposing/check-columns.js';
import { columnLabel } from './column-names.js';

const PLACE = '/office/corrections';
const KINDS = Object.keys(CORRECTION_KINDS) as CorrectionName[];
const form = z.record(z.string(), z.string().max(2_000)).catch({});

/** A form as it was filled in. */
interface Filled {
  readonly values: Readonly<Record<string, string>>;
  readonly message?: string;
}

/** An officer proposes to correct one fact of a candidate. */
@Controller('office/corrections/new')
@OfficeRoute('propose_corrections')
export class NewCorrectionPage {
  constructor(
    private readonly desk: CorrectionDesk,
    private readonly notes: CandidateNotes,
    private readonly vault: Vault,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Query() query: unknown) {
    return this.page(reply, visitor, { values: form.parse(query) });
  }

  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({ what: '提出更正', see: { href: PLACE, text: '查看更正' } })
  async propose(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Body() body: unknown) {
    const values = form.parse(body ?? {});
    const refuse = (message: string) => this.page(reply.status(422), visitor, { values, message });
    const kind = kindOf(values.kind, visitor.roles);
    if (!kind) return refuse('请选择种类。');
    const { reason = '', ticket = '' } = values;
    const problem = noteProblem(reason);
    if (problem) return refuse(`原因${problem}。`);
    const ticketProblem = ticket === '' ? undefined : noteProblem(ticket);
    if (ticketProblem) return refuse(`工单号${ticketProblem}。`);
    const admissionNo = normalisedNumber(values.admission_no ?? '');
    if (!isAdmissionNo(admissionNo)) return refuse('准考证号应为 12 位数字。');
    const columns = Object.fromEntries(columnsOf(this.desk.kind(kind)).flatMap((name) => (values[name]?.trim() ? [[name, values[name].trim()]] : [])));
    const fault = faultOf(this.desk.kind(kind), columns);
    if (fault) return refuse(`${columnLabel(kind, fault.column)}：${fault.reason}。`);
    const [candidateId] = await this.vault.find([admissionNo]);
    if (candidateId === undefined) return refuse('没有这个准考证号的考生。');
    for (const [field, typed] of [['原因', reason], ...(ticket === '' ? [] : [['工单号', ticket]])] as const) {
      const named = await this.notes.problem(typed, candidateId, visitor);
      if (named) return refuse(`${field}${named}。`);
    }
    try {
      const proposing = { correction: newId(), kind, by: visitor.account, reason: reason.trim(), ...(ticket !== '' && { ticket: ticket.trim() }) };
      const { correction } = await this.desk.propose([{ line: 1, candidateId, columns }], proposing, this.clock.instant(), this.commands);
      return reply.header('cache-control', 'no-store').redirect(`${PLACE}/${correction}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return refuse(error.code === 'correction.no_rows' ? '没有这个准考证号的考生。' : refusalMessage(error)); // another district's is nobody
    }
  }

  private page(reply: FastifyReply, { roles }: OfficeVisitor<Role>, { values, message }: Filled) {
    const kinds = KINDS.filter((name) => mayPropose(roles, name));
    const chosen = kindOf(values.kind, roles) ?? (kinds[0] as CorrectionName);
    const kind = this.desk.kind(chosen);
    return reply.view('office/correction-new', {
      page: { title: '提出更正', place: PLACE },
      kind: chosen,
      kinds: kinds.map((name) => ({ name, title: CORRECTION_KINDS[name], isChosen: name === chosen })),
      admissionNo: values.admission_no ?? '',
      columns: columnsOf(kind).map((name) => ({ name, label: columnLabel(chosen, name), value: values[name] ?? '', isKey: kind.key.includes(name) })),
      reason: values.reason ?? '',
      ticket: values.ticket ?? '',
      message,
    });
  }
}

function kindOf(name: string | undefined, roles: readonly Role[]): CorrectionName | undefined {
  return KINDS.find((each) => each === name && mayPropose(roles, each));
}
