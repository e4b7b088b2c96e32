import { affectedBy, type Batch, findBatch, listBatches } from '../../imports/batches.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { reading } from '../read-models/reading.js';

/** `batches`: what was imported, the newest first. */
export function runBatches({ limit }: { readonly limit: number }, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async ({ events }) => {
    const all = await listBatches(events);
    const listed = all.slice(0, limit);
    for (const batch of listed) out.answer(lineOf(batch));
    out.answer(all.length === 0 ? '没有导入过' : `共 ${all.length} 个批次，列出 ${listed.length} 个`);
    return { json: { batches: listed.map(shown), total: all.length } };
  });
}

/** `batch ID`: the files of a batch, whom it affected, and the batches that undo it. */
export function runBatch({ id }: { readonly id: string }, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async ({ events }) => {
    const batch = await findBatch(events, id);
    if (!batch) throw new CommandRefused('unknown_batch', `没有批次 ${id}，用 batches 列出`);
    const affected = await affectedBy(events, batch);
    const undoings = (await listBatches(events)).filter(({ begun }) => begun.data.undoes === id);
    const { files, ...rest } = shown(batch);
    out.answer(lineOf(batch));
    for (const { file, rows, sha256, recorded, bad, keptOut } of files) {
      const outcome = recorded === null ? '' : keptOut ? '，整个文件没有接收' : `，记录事件 ${recorded} 条`;
      out.answer(`  ${file}：${rows} 行${outcome}${bad ? `，有错 ${bad} 行` : ''}　SHA-256 ${sha256}`);
    }
    for (const { type, events: count, candidates, examples } of affected) {
      const about = candidates === 0 ? '' : `，${candidates} 位考生，例如 ${examples.join('、')}`;
      out.answer(`  ${type}：${count} 条${about}`);
    }
    if (affected.length === 0) out.answer('  没有记录任何内容');
    for (const undoing of undoings) out.answer(`  撤销：${lineOf(undoing)}`);
    return { json: { ...rest, files, affected, undoneBy: undoings.map(({ begun }) => begun.data.batch) } };
  });
}

/** A batch as JSON. What came of it is null while it has not ended. */
function shown({ begun, ended }: Batch) {
  const { batch, account, reason, ticket, undoes, files } = begun.data;
  return {
    batch,
    by: account,
    reason: reason ?? null,
    ticket: ticket ?? null,
    undoes: undoes ?? null,
    begunAt: beijing(begun.recordedAt),
    endedAt: ended ? beijing(ended.recordedAt) : null,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    recorded: ended?.data.recorded ?? null,
    files: files.map((read) => {
      const outcome = ended?.data.files.find(({ file }) => file === read.file);
      return { ...read, recorded: outcome?.recorded ?? null, bad: outcome?.bad ?? null, keptOut: outcome?.keptOut ?? null };
    }),
  };
}

/** Who imported a batch, for people. */
export function importer(account: string): string {
  return account === 'host' ? '主机上的命令' : account;
}

function lineOf(batch: Batch): string {
  const { batch: id, by, reason, ticket, undoes, begunAt, rows, recorded, files } = shown(batch);
  const again = undoes === null ? '正在导入，或中途停止（再次导入同一文件夹即可继续）' : '正在撤销，或中途停止（再次运行 undo 即可继续）';
  const outcome = recorded === null ? `没有结束：${again}` : `记录事件 ${recorded} 条`;
  const what = undoes === null ? `${files.map(({ file }) => file).join('、')}，${rows} 行` : `撤销批次 ${undoes}`;
  return [id, begunAt, importer(by), `${what}，${outcome}`, reason && `原因：${reason}`, ticket && `工单：${ticket}`].filter(Boolean).join('　');
}
