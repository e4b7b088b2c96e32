import { Body, Controller, Get, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as newId } from 'uuid';
import { z } from 'zod';
import { type Correction, corrections } from '../../../../projections/corrections.js';
import { officers } from '../../../../projections/officers.js';
import { Catalogue } from '../../../catalogue/catalogue.js';
import { givenAt } from '../../../event-store/given.js';
import { Refusal } from '../../../event-store/refusal.js';
import { Clock } from '../../../kernel/clock.js';
import { ReadModels } from '../../../read-models/read-models.js';
import { refusalMessage } from '../../../web/errors/refusal-message.js';
import { DescribesOutcome } from '../../../web/outcomes/outcome-texts.js';
import { rememberPosition } from '../../../web/read-your-writes.js';
import { pollingAddress } from '../../../web/requests/polling.js';
import { CurrentOfficer, type OfficeVisitor } from '../../../web/routes/officer.js';
import { UsesReadModels } from '../../../web/routes/uses-read-models.js';
import { masked } from '../../../web/views/formats.js';
import { noteProblem } from '../../note-problem.js';
import type { Role } from '../../officers/officers.events.js';
import { OfficeRoute } from '../../rights/office-route.js';
import { mayDo } from '../../rights/rights.js';
import { RecordedViewings } from '../../viewing/recorded-viewings.js';
import { ApproveAfterwards } from '../approve-afterwards.command.js';
import { ApproveCorrection } from '../approve-correction.command.js';
import { CORRECTION_KINDS } from '../correction.js';
import { CorrectionDesk, type ProposalPreview } from '../correction-desk.js';
import { mayPropose } from '../correction-roles.js';
import { ReturnCorrection } from '../return-correction.command.js';
import { WithdrawCorrection } from '../withdraw-correction.command.js';
import { previewView, stateTag } from './correction.view.js';

const PLACE = '/office/corrections';
/** Rows that are previewed while the page waits. */
const MOST_ROWS = 500;
const AGAIN = 2;
const text = z.string().max(2_000).catch('');
const approval = z.object({ action: z.enum(['approve', 'emergency', 'afterwards']), fingerprint: text });
const decision = z.object({ action: z.enum(['return', 'withdraw', 'undo']), note: text });

/** One correction: what it would change, who has decided what, and how far it is applied. */
@Controller('office/corrections/:correction')
@OfficeRoute('see_corrections')
export class CorrectionPage {
  constructor(
    private readonly readModels: ReadModels,
    private readonly desk: CorrectionDesk,
    private readonly viewings: RecordedViewings,
    private readonly catalogue: Catalogue,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @UsesReadModels(officers, corrections)
  async show(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Param('correction') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.page(request, reply, await this.correctionOf(id, visitor), visitor);
  }

  /** The same page, once the second factor was proved: an approval begins here. */
  @Get('approval')
  @OfficeRoute('decide_corrections', { isSensitive: true })
  @UsesReadModels(officers, corrections)
  async proved(@CurrentOfficer() visitor: OfficeVisitor<Role>, @Param('correction') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.page(request, reply, await this.correctionOf(id, visitor), visitor);
  }

  @Post('approval')
  @OfficeRoute('decide_corrections', { isSensitive: true })
  @UsesReadModels(officers, corrections)
  @DescribesOutcome({ what: '批准更正', see: { href: '/office/corrections/:correction', text: '查看更正' } })
  async approve(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Param('correction') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: unknown,
  ) {
    const correction = await this.correctionOf(id, visitor);
    const { success, data } = approval.safeParse(body ?? {});
    if (!success) return this.page(request, reply.status(422), correction, visitor, '请选择批准还是退回。');
    const { action, fingerprint } = data;
    const given = givenAt(this.clock.instant());
    const command =
      action === 'afterwards'
        ? new ApproveAfterwards(given, id, visitor.account)
        : new ApproveCorrection(given, id, visitor.account, fingerprint, action === 'emergency');
    return this.executed(request, reply, correction, visitor, async () => {
      rememberPosition(reply, await this.commands.execute(command));
      return id;
    });
  }

  @Post()
  @OfficeRoute('decide_corrections')
  @UsesReadModels(officers, corrections)
  @DescribesOutcome({ what: '办理更正', see: { href: '/office/corrections/:correction', text: '查看更正' } })
  async decide(
    @CurrentOfficer() visitor: OfficeVisitor<Role>,
    @Param('correction') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: unknown,
  ) {
    const correction = await this.correctionOf(id, visitor);
    const { success, data } = decision.safeParse(body ?? {});
    if (!success) return this.page(request, reply.status(422), correction, visitor, '请选择退回、撤回或者撤销。');
    const { action, note } = data;
    const problem = action === 'withdraw' ? undefined : noteProblem(note);
    if (problem) return this.page(request, reply.status(422), correction, visitor, `原因${problem}。`);
    return this.executed(request, reply, correction, visitor, async () => {
      const at = this.clock.instant();
      if (action === 'undo') {
        const undoing = { correction: newId(), undoes: id, by: visitor.account, reason: note.trim() };
        return (await this.desk.proposeUndo(undoing, at, this.commands)).correction;
      }
      const of = [givenAt(at), id, visitor.account] as const;
      rememberPosition(reply, await this.commands.execute(action === 'withdraw' ? new WithdrawCorrection(...of) : new ReturnCorrection(...of, note.trim())));
      return id;
    });
  }

  private async executed(request: FastifyRequest, reply: FastifyReply, correction: Correction, visitor: OfficeVisitor<Role>, work: () => Promise<string>) {
    try {
      const id = await work();
      return reply.header('cache-control', 'no-store').redirect(`${PLACE}/${encodeURIComponent(id)}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.page(request, reply.status(422), correction, visitor, refusalMessage(error));
    }
  }

  /** What an officer's duties do not reach now is not there. */
  private async correctionOf(id: string, visitor: OfficeVisitor<Role>): Promise<Correction> {
    const correction = await this.readModels.get(corrections, id);
    if (correction.correction === '' || !(await this.desk.isVisible(id, visitor))) throw new NotFoundException();
    return correction;
  }

  private async page(request: FastifyRequest, reply: FastifyReply, correction: Correction, { account, roles }: OfficeVisitor<Role>, message?: string) {
    const { correction: id, kind, state, rows, proposer } = correction;
    const isOpen = state === 'proposed';
    const preview = isOpen && rows <= MOST_ROWS ? await this.preview(request, correction, roles) : undefined;
    const mayDecide = mayDo(roles, 'decide_corrections');
    const isApprover = roles.includes('approver');
    const isOwn = proposer === account;
    const isProposer = mayPropose(roles, kind);
    const needsSecond = preview?.second !== undefined;
    return reply.view('office/correction', {
      page: {
        title: `更正${CORRECTION_KINDS[kind]}`,
        place: PLACE,
        ...(state === 'approved' && { refresh: { seconds: AGAIN, address: pollingAddress(`${PLACE}/${id}`) } }),
      },
      ...correction,
      id,
      kindName: CORRECTION_KINDS[kind],
      tag: stateTag(correction),
      message,
      preview,
      isLarge: isOpen && preview === undefined,
      isDone: state === 'applied' || state === 'undone' || state === 'approved',
      mayApprove: preview !== undefined && mayDecide && (isOwn ? isProposer && !needsSecond : isApprover),
      mayOverride: preview !== undefined && isOwn && isProposer && isApprover && needsSecond,
      mayReturn: isOpen && isApprover && !isOwn,
      mayWithdraw: isOpen && isOwn && mayDecide,
      mayAgree: correction.awaitsSecond === true && isApprover && correction.decidedBy !== account,
      mayUndo: state === 'applied' && isProposer,
    });
  }

  /** Nothing is shown before it is recorded who looks. */
  private async preview(request: FastifyRequest, { correction, reason }: Correction, roles: readonly Role[]) {
    const looked: string[] = [];
    const preview: ProposalPreview = await this.desk.preview(correction, this.clock.instant(), (_, candidates) => {
      looked.push(...candidates.map(({ candidateId }) => candidateId));
    });
    await this.viewings.record(request, looked, { what: `更正的预览 ${correction}`, reason });
    const shown = preview.examples.map(({ candidateId }) => candidateId);
    const names = mayDo(roles, 'see_persons') ? await this.desk.namesOf(shown) : new Map<string, string>();
    const named = (code: string, name: string | undefined) => (name === undefined ? code : `${code} ${name}`);
    return previewView(preview, names, {
      course: (code) => named(code, this.catalogue.course(code)?.name),
      major: (code) => named(code, this.catalogue.major(code)?.name),
      period: (code) => this.catalogue.period(code)?.name ?? code,
      open: () => undefined,
      idNo: masked,
    });
  }
}
