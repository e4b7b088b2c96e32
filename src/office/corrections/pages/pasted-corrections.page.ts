import { Body, Controller, Get, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { officers } from '../../../../projections/officers.js';
import { Refusal } from '../../../event-store/refusal.js';
import { Clock } from '../../../kernel/clock.js';
import { refusalMessage } from '../../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../../web/outcomes/outcome-texts.js';
import { CurrentOfficer, type OfficeVisitor } from '../../../web/routes/officer.js';
import { UsesReadModels } from '../../../web/routes/uses-read-models.js';
import { noteProblem } from '../../note-problem.js';
import type { Role } from '../../officers/officers.events.js';
import { OfficeRoute } from '../../rights/office-route.js';
import { CORRECTION_KINDS } from '../correction.js';
import { CorrectionDesk } from '../correction-desk.js';
import { mayPropose } from '../correction-roles.js';
import type { CorrectionName } from '../corrections.events.js';
import { columnsOf } from '../proposing/check-columns.js';
import { BadCorrectionFile, readCorrectionText } from '../proposing/read-file.js';
import { type BadRow, StagedRows } from '../proposing/staged-rows.js';

const PLACE = '/office/corrections';
const KINDS = Object.keys(CORRECTION_KINDS) as CorrectionName[];
/** Rows that a page previews. */
const MOST_ROWS = 500;
const text = z.string().catch('');
const form = z.object({ kind: text, rows: z.string().max(200_000).catch(''), reason: text, ticket: text, skip: text }).catch({
  kind: '',
  rows: '',
  reason: '',
  ticket: '',
  skip: '',
});
type Form = z.infer<typeof form>;

/** What is wrong with a form as it was filled in. */
interface Problem {
  readonly message?: string;
  readonly bad?: readonly BadRow[];
}

/** An officer proposes corrections of many rows, pasted from a spreadsheet or a CSV file. */
@Controller('office/corrections/rows')
@OfficeRoute('propose_corrections')
export class PastedCorrectionsPage {
  constructor(
    private readonly desk: CorrectionDesk,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers)
  show(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Query() query: unknown) {
    return this.page(reply, visitor, form.parse({ ...(query as object), rows: '' }));
  }

  @Post()
  @UsesReadModels(officers)
  @DescribesOutcome({ what: '提出更正', see: { href: PLACE, text: '查看更正' } })
  async propose(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Res() reply: FastifyReply, @Body() body: unknown) {
    const filled = form.parse(body ?? {});
    const refuse = (problem: Problem) => this.page(reply.status(422), visitor, filled, problem);
    const kind = kindOf(filled.kind, visitor.roles);
    if (!kind) return refuse({ message: '请选择种类。' });
    const { reason, ticket } = filled;
    const problem = noteProblem(reason);
    if (problem) return refuse({ message: `原因${problem}。` });
    const ticketProblem = ticket === '' ? undefined : noteProblem(ticket);
    if (ticketProblem) return refuse({ message: `工单号${ticketProblem}。` });
    const staged = new StagedRows();
    try {
      readCorrectionText(filled.rows, this.desk.kind(kind), staged);
      await this.desk.leaveOutUnknown(staged);
      if (staged.count > MOST_ROWS) return refuse({ message: `最多 ${MOST_ROWS} 行；更多的用命令行提出。` });
      if (staged.badCount > 0 && filled.skip === '')
        return refuse({ message: `有 ${staged.badCount} 行不能提出。改好再提出，或者只提出其余的行。`, bad: staged.bad });
      const proposing = { correction: newId(), kind, by: visitor.account, reason: reason.trim(), ...(ticket !== '' && { ticket: ticket.trim() }) };
      const { correction } = await this.desk.proposeStaged(staged, proposing, this.clock.instant(), this.commands);
      return reply.header('cache-control', 'no-store').redirect(`${PLACE}/${correction}`, 303);
    } catch (error) {
      if (error instanceof BadCorrectionFile) return refuse({ message: `${error.message}。` });
      if (error instanceof Refusal) return refuse({ message: refusalMessage(error) });
      throw error;
    } finally {
      staged.close();
    }
  }

  private page(reply: FastifyReply, { roles }: OfficeVisitor<Role>, filled: Form, { message, bad = [] }: Problem = {}) {
    const kinds = KINDS.filter((name) => mayPropose(roles, name));
    const chosen = kindOf(filled.kind, roles) ?? (kinds[0] as CorrectionName);
    const kind = this.desk.kind(chosen);
    return reply.view('office/correction-rows', {
      page: { title: '按行提出更正', place: PLACE },
      ...filled,
      kind: chosen,
      kinds: kinds.map((name) => ({ name, title: CORRECTION_KINDS[name], isChosen: name === chosen })),
      key: ['admission_no', ...kind.key].join('、'),
      columns: columnsOf(kind)
        .filter((name) => !kind.key.includes(name))
        .join('、'),
      message,
      bad,
    });
  }
}

function kindOf(name: string, roles: readonly Role[]): CorrectionName | undefined {
  return KINDS.find((each) => each === name && mayPropose(roles, each));
}
