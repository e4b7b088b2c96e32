import type { Domain } from '../../composition/domain.js';
import { causedBy } from '../../event-store/cause.js';
import { givenAt } from '../../event-store/given.js';
import { CORRECTION_KINDS } from '../../office/corrections/correction.js';
import type { ProposalPreview } from '../../office/corrections/correction-desk.js';
import { assertMaySee } from '../../office/corrections/correction-officers.js';
import type { PreviewedCandidate } from '../../office/corrections/preview/preview-rows.js';
import { RecordViewing } from '../../office/record-viewing.command.js';
import { signedInOfficer } from '../acting/acting-officer.js';
import type { Output } from '../program/output.js';

/** Lines that are listed of one kind. */
const MOST = 20;

type Each = (candidates: readonly PreviewedCandidate[]) => unknown;

/** Makes a preview for an officer, once it is recorded for each part who looks. @throws Refusal officer.not_active, correction.unknown */
export async function previewFor(by: string, correction: string, domain: Domain, signal: AbortSignal, each?: Each): Promise<ProposalPreview> {
  const proposal = await domain.desk.proposal(correction);
  const terms = await assertMaySee(by, correction, proposal.terms, domain.events);
  if (domain.desk.kind(terms.kind).personal) await signedInOfficer(by, 'reveal_persons', domain);
  return causedBy({ by: `office:${by}`, origin: 'office', correlation: correction }, () =>
    domain.desk.preview(
      correction,
      domain.clock.instant(),
      async (_, candidates) => {
        const shown = candidates.map(({ candidateId }) => candidateId);
        await domain.commands.execute(new RecordViewing(givenAt(domain.clock.instant()), shown, `correction preview ${correction}`, terms.reason));
        await each?.(candidates);
      },
      signal,
    ),
  );
}

/** What a correction would change, for people. */
export function showPreview(preview: ProposalPreview, out: Output): void {
  for (const line of linesOf(preview)) out.answer(line);
}

function* linesOf(preview: ProposalPreview): Generator<string> {
  const { terms, candidates, rows, changes, unchanged, refused, first, notEnrolled, toPassed, toFailed, second, fingerprint } = preview;
  yield `更正 ${terms.correction}：${CORRECTION_KINDS[terms.kind]}，由 ${terms.by} 提出，原因：${terms.reason}${terms.undoes === undefined ? '' : `，撤销更正 ${terms.undoes}`}`;
  yield `${rows} 行，${candidates} 位考生：更改 ${changes} 行，不变 ${unchanged} 行，拒绝 ${refused} 行`;
  yield* some('  ', [
    [first, '第一次记录，不是更正'],
    [notEnrolled, '没有报考'],
    [toPassed, '变为合格'],
    [toFailed, '合格变为不合格或没有成绩'],
  ]);
  for (const [type, events] of Object.entries(preview.events)) yield `  将记录 ${type} ${events} 条`;
  for (const [name, { documents, fields }] of Object.entries(preview.documents)) {
    const changed = Object.entries(fields).map(([field, count]) => `${field}（${count}）`);
    yield `  ${name}：${documents} 个文档改变${changed.length > 0 ? `，字段 ${changed.slice(0, MOST).join('、')}` : ''}`;
  }
  for (const [reaction, count] of Object.entries(preview.reactions)) yield `  随之自动办理：${reaction}　${count} 次`;
  for (const { before, after, rows: count } of preview.values?.slice(0, MOST) ?? []) yield `  ${before} → ${after}　${count} 行`;
  for (const { text, rows: count } of preview.warnings) yield `  注意：${text}　${count} 行`;
  for (const { text, rows: count } of preview.reasons) yield `  拒绝：${text}　${count} 行`;
  for (const { line, refusal } of preview.refusedExamples) yield `    第 ${line} 行：${refusal?.reason}`;
  yield second === undefined ? '提出的人可以自己批准' : `要由另一位审批人批准：${second}`;
  yield `指纹 ${fingerprint}`;
}

function* some(indent: string, counts: readonly (readonly [number, string])[]): Generator<string> {
  for (const [count, text] of counts) if (count > 0) yield `${indent}${text}：${count} 行`;
}

/** The preview for programs: nothing personal is in it but what the values say. */
export function previewJson({ examples: _, refusedExamples, ...preview }: ProposalPreview): object {
  return { ...preview, refusedRows: refusedExamples.map(({ line, refusal }) => ({ line, ...refusal })) };
}
