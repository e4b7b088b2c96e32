import { describe, expect, it } from '@jest/globals';
import type { UndoReport } from '../../../src/imports/undoing/undo-report.js';
import { editLine, smallBatch } from '../../imports/scratch.js';
import { killedAt } from '../../processes/centre-process.js';
import { addOfficers } from '../officers.js';
import { jsonOf, run } from '../run.js';
import { told } from '../told.js';

const RECORD = ['--yes', '--by', 'yunwei-1', '--reason', '导入了错的文件'];

/** A centre in which a second batch has corrected two scores and withdrawn an enrolment. */
async function corrected() {
  const { folder, data } = await smallBatch(3);
  const environment = { DATA_DIR: data };
  expect((await told(['import', folder], environment)).code).toBe(0);
  await addOfficers(environment, { 'yunwei-1': 'operator' });
  for (const line of [2, 3]) await editLine(folder, 'scores', line, (text) => text.replace(/,\d+,,$/, ',99,,'));
  await editLine(folder, 'enrolments', 2, (text) => text.replace('enrolled', 'withdrawn'));
  const { batch } = jsonOf(await told(['import', folder, '--json'], environment)) as { batch: string };
  return { folder, environment, batch };
}

describe('`personal-centre undo`', () => {
  it('`personal-centre undo` shows what it would do, and with --yes records it as a batch that names the one it undoes', async () => {
    const { folder, environment, batch } = await corrected();
    const preview = await told(['undo', batch], environment);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain('enrolments.csv：1 行，改回 1 行\n  state 更改 1 行\n    withdrawn → enrolled　1 行\n');
    expect(preview.stderr).toContain('这是预览');
    const { batch: none, ...foreseen } = jsonOf<UndoReport>(await told(['undo', batch, '--json'], environment));
    const recorded = await told(['undo', batch, '--json', ...RECORD], environment);
    const { batch: id, dataDir: _, ...report } = jsonOf<UndoReport & { dataDir: string }>(recorded);
    expect([recorded.code, none, report]).toEqual([0, null, foreseen]);
    expect(jsonOf(await told(['batch', id ?? '', '--json'], environment))).toMatchObject({ by: 'yunwei-1', undoes: batch, recorded: 3 });
    expect(jsonOf(await told(['batch', batch, '--json'], environment))).toMatchObject({ undoneBy: [id] });
    expect((await told(['batches'], environment)).stdout).toContain(`撤销批次 ${batch}，记录事件 3 条`);
    const { stdout } = await told(['import', folder, '--dry-run'], environment);
    expect(stdout).toMatch(/改回后来已被替换的内容（不加 --revert 则拒绝）：2 行/);
  });

  it('`personal-centre undo` records no other batch where nothing is left to undo, and says so', async () => {
    const { environment, batch } = await corrected();
    expect(await told(['undo', batch, ...RECORD], environment)).toMatchObject({ code: 0 });
    const before = jsonOf(await told(['batches', '--json'], environment));
    const again = await told(['undo', batch, ...RECORD], environment);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining(`批次 ${batch} 没有可以撤销的内容了，没有记录新的批次：\n`)]);
    expect(again.stdout).toContain('scores.csv：2 行，以前已撤销 2 行');
    expect(jsonOf<UndoReport>(await told(['undo', batch, '--json', ...RECORD], environment)).batch).toBeNull();
    expect(jsonOf(await told(['batches', '--json'], environment))).toEqual(before);
  });

  it('`personal-centre undo` ends with 1 where a row has to stay, and names it', async () => {
    const { folder, environment, batch } = await corrected();
    await editLine(folder, 'scores', 2, (text) => text.replace(/,99,,$/, ',98,,'));
    expect((await told(['import', folder], environment)).code).toBe(0);
    const { code, stdout } = await told(['undo', batch, ...RECORD], environment);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/scores\.csv：2 行，改回 1 行，不能撤销 1 行/)]);
    expect(stdout).toMatch(/scores\.csv results-\S+ \S+：这一批之后又有改动/);
  });

  it('`personal-centre undo` refuses to record without saying who and why, and a batch that there is none of', async () => {
    const { environment, batch } = await corrected();
    const without = await told(['undo', batch, '--yes', '--json'], environment);
    expect([without.code, jsonOf(without)]).toMatchObject([2, { error: { code: 'missing_option' } }]);
    const unknown = await told(['undo', '00000000-0000-4000-8000-000000000000', '--json'], environment);
    expect([unknown.code, jsonOf(unknown)]).toMatchObject([1, { error: { code: 'unknown_batch' } }]);
  });

  it('`personal-centre undo` killed before or after a commit goes on when it is run again', async () => {
    const { environment, batch } = await corrected();
    for (const moment of ['before commit of ScoreCorrected', 'after commit of ScoreCorrected'])
      expect([moment, (await run(['undo', batch, ...RECORD], { ...environment, ...killedAt(moment) }).ended).signal]).toEqual([moment, 'SIGKILL']);
    const { files, refused } = jsonOf<UndoReport>(await told(['undo', batch, '--json', ...RECORD], environment));
    expect([refused, files.map(({ rows, restored, done }) => rows === restored + done)]).toEqual([[], [true, true]]);
    expect(files.reduce((sum, { done }) => sum + done, 0)).toBeGreaterThan(0);
  });
});
