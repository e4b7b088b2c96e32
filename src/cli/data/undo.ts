import { withDomain } from '../../composition/domain.js';
import { openPreview } from '../../composition/preview-stores.js';
import type { EventStore } from '../../event-store/event-store.js';
import { type Batch, findBatch } from '../../imports/batches.js';
import { changesOfFields } from '../../imports/changes/change-lines.js';
import { previewUndo, recordUndo } from '../../imports/undoing/undo-batch.js';
import type { UndoReport } from '../../imports/undoing/undo-report.js';
import { actingOfficer } from '../acting/acting-officer.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';

interface UndoGiven {
  readonly id: string;
  readonly yes: boolean;
  readonly by: string | undefined;
  readonly reason: string | undefined;
  readonly ticket: string | undefined;
}

/** `undo BATCH`: what undoing a batch would do; with `--yes` it is recorded. */
export async function runUndo({ id, yes, by, reason, ticket }: UndoGiven, { settings, out }: Context): Promise<CommandResult> {
  if (yes && reason === undefined) throw new WrongUse('missing_option', '--yes 还要写明 --reason：为什么撤销');
  const report = yes
    ? await withDomain(settings, async (domain) => {
        const { account } = await actingOfficer(by, 'import_data', domain);
        return recordUndo(await batchOf(domain.events, id), { by: account, reason, ticket }, domain);
      })
    : await previewed();
  for (const line of linesOf(report, yes)) out.answer(line);
  if (!yes) out.note('这是预览，没有记录任何内容。照此记录：加上 --yes --by ACCOUNT --reason TEXT');
  return { json: report, differs: report.refusedInAll > 0 };

  async function previewed(): Promise<UndoReport> {
    const stores = await openPreview(settings);
    try {
      return await previewUndo(await batchOf(stores.events, id), stores);
    } finally {
      await stores.close();
    }
  }
}

async function batchOf(events: EventStore, id: string): Promise<Batch> {
  const batch = await findBatch(events, id);
  if (!batch) throw new CommandRefused('unknown_batch', `没有批次 ${id}，用 batches 列出`);
  return batch;
}

function* linesOf({ batch, undoes, files, refused, refusedInAll, others }: UndoReport, yes: boolean): Generator<string> {
  if (batch !== null) yield `批次 ${undoes} 已撤销，记为批次 ${batch}：`;
  else yield yes ? `批次 ${undoes} 没有可以撤销的内容了，没有记录新的批次：` : `撤销批次 ${undoes} 将会：`;
  for (const { file, rows, restored, takenBack, done, refused: stay, fields } of files) {
    const parts = [
      `${rows} 行`,
      restored > 0 && `改回 ${restored} 行`,
      takenBack > 0 && `撤回 ${takenBack} 行`,
      done > 0 && `以前已撤销 ${done} 行`,
      stay > 0 && `不能撤销 ${stay} 行`,
    ];
    yield `${file}：${parts.filter(Boolean).join('，')}`;
    yield* changesOfFields(fields);
  }
  for (const { file, stream, key, reason } of refused) yield `  ${file} ${[stream, key].filter(Boolean).join(' ')}：${reason}`;
  if (refusedInAll > refused.length) yield `  ……另有 ${refusedInAll - refused.length} 行不能撤销，没有列出`;
  for (const [type, events] of Object.entries(others)) yield `  ${type}：${events} 条，不单独撤销（登记撤回的考生，密码随之失效）`;
  if (files.length === 0) yield '这个批次没有改变任何内容';
}
