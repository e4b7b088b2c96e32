import { type Domain, withDomain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { ApplyCorrection } from '../../office/corrections/apply-correction.command.js';
import { ApproveAfterwards } from '../../office/corrections/approve-afterwards.command.js';
import { ApproveCorrection } from '../../office/corrections/approve-correction.command.js';
import { assertMaySee } from '../../office/corrections/correction-officers.js';
import { appliedChunk } from '../../office/corrections/correction-rows.js';
import { refused } from '../../office/corrections/corrections.refusals.js';
import { NoteUndone } from '../../office/corrections/note-undone.command.js';
import type { CommandResult, Context } from '../program/command.js';
import { previewFor, showPreview } from './shown-preview.js';

interface ApproveGiven {
  readonly id: string;
  readonly by: string;
  readonly fingerprint: string | undefined;
  readonly emergency: boolean;
  readonly afterwards: boolean;
}

/** `correction approve ID`: shows the preview and asks, then approves it and applies it. */
export function runApprove(given: ApproveGiven, context: Context): Promise<CommandResult> {
  return withDomain(context.settings, async (domain) => {
    await domain.catalogue.start();
    const cause = { by: `office:${given.by}`, origin: 'office', correlation: given.id } as const;
    return causedBy(cause, () => (given.afterwards ? afterwards(given, domain, context) : approve(given, domain, context)));
  });
}

async function afterwards({ id, by }: ApproveGiven, domain: Domain, { out, confirm }: Context): Promise<CommandResult> {
  const { terms: named, approval } = await domain.desk.proposal(id);
  const terms = await assertMaySee(by, id, named, domain.events);
  out.answer(`更正 ${id}：由 ${approval?.by ?? '无'} 一个人紧急批准，原因：${terms.reason}`);
  await confirm('确定补批吗？');
  const { recorded } = await domain.commands.execute(new ApproveAfterwards(givenAt(domain.clock.instant()), id, by));
  out.done(recorded > 0 ? '已补批' : '以前已经补批');
  return { json: { correction: id, approvedAfterwards: true } };
}

async function approve({ id, by, fingerprint, emergency }: ApproveGiven, domain: Domain, { out, confirm, signal }: Context): Promise<CommandResult> {
  const preview = await previewFor(by, id, domain, signal);
  showPreview(preview, out);
  if (fingerprint !== undefined && fingerprint !== preview.fingerprint) throw refused('correction.expired');
  await confirm('确定照此批准并执行吗？');
  const { commands, clock, desk } = domain;
  await commands.execute(new ApproveCorrection(givenAt(clock.instant()), id, by, preview.fingerprint, emergency));
  out.done('已批准');
  await applyAll(id, domain, signal);
  const { terms, state } = await desk.proposal(id);
  const outcome = { rows: 0, recorded: 0, refused: 0, differing: 0 };
  for (let chunk = 0; chunk < (terms?.chunks ?? 0); chunk++) {
    const { applied } = await appliedChunk(domain.events, id, chunk);
    outcome.recorded += applied?.recorded ?? 0;
    outcome.refused += applied?.refused.length ?? 0;
    outcome.differing += applied?.differing.length ?? 0;
    for (const { line, reason } of applied?.refused ?? []) out.wrong(`  第 ${line} 行没有执行：${reason}`);
  }
  const rows = terms?.rows ?? 0;
  out.done(`执行完：${rows} 行，记录事件 ${outcome.recorded} 条，拒绝 ${outcome.refused} 行，与预览不同 ${outcome.differing} 行`);
  return { json: { correction: id, state, ...outcome, rows }, differs: outcome.refused + outcome.differing > 0 };
}

/** A serving process may do the same meanwhile: each chunk is recorded once. */
async function applyAll(id: string, { commands, clock, desk }: Domain, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { terms, applied, state, recorded } = await desk.proposal(id);
    if (state !== 'approved' || applied >= (terms?.chunks ?? 0)) {
      if (terms?.undoes !== undefined && state === 'applied' && recorded > 0)
        await commands.execute(new NoteUndone(givenAt(clock.instant()), terms.undoes, id));
      return;
    }
    await commands.execute(new ApplyCorrection(givenAt(clock.instant()), id, applied));
  }
}
