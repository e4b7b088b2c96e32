import { describe, expect, it } from '@jest/globals';
import { centreOn } from '../../imports/centre.js';
import { smallBatch } from '../../imports/scratch.js';
import { addOfficers } from '../officers.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

describe('`personal-centre batches` and `batch`', () => {
  it('`personal-centre import` records the host where no officer is named, and refuses one that is not in use or may not import', async () => {
    const { folder, data } = await smallBatch(1);
    const environment = { DATA_DIR: data };
    expect(await told(['import', folder, '--by', 'xicheng-1'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('没有在用的账号 xicheng-1；还没有办公室的账号，先用 office add 添加'),
    });
    expect((await told(['import', folder], environment)).code).toBe(0);
    expect((await told(['batches'], environment)).stdout).toContain('主机上的命令');
    await addOfficers(environment, { 'yunwei-1': 'operator', 'caiwu-1': 'finance' });
    for (const [by, says] of [
      ['yunwei-2', '没有在用的账号 yunwei-2；相近的有：yunwei-1'],
      ['caiwu-1', '账号 caiwu-1（财务）不能在命令行上导入数据'],
    ] as const)
      expect(await told(['import', folder, '--by', by], environment)).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
    await told(['office', 'suspend', 'yunwei-1', '--reason', '已调离'], environment);
    expect(await told(['import', folder, '--by', 'yunwei-1'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('没有在用的账号 yunwei-1'),
    });
    expect(jsonOf(await told(['batches', '--json'], environment))).toMatchObject({ total: 1, batches: [{ by: 'host' }] });
  });

  it('`personal-centre batches` and `batch` list who imported what and why, and whom it affected, for people and as JSON', async () => {
    const { folder, data, rows } = await smallBatch(3);
    const environment = { DATA_DIR: data };
    await (await centreOn(data)).close(); // makes a log and a vault, as a start does
    await addOfficers(environment, { 'yunwei-1': 'operator' });
    const options = ['--by', 'yunwei-1', '--reason', '四月成绩', '--ticket', 'KS-17'];
    const { batch, recorded } = jsonOf(await told(['import', folder, '--json', ...options], environment)) as { batch: string; recorded: number };
    const listed = await told(['batches', '--json'], environment);
    expect(jsonOf(listed)).toMatchObject({ total: 1, batches: [{ batch, by: 'yunwei-1', reason: '四月成绩', ticket: 'KS-17', rows, recorded }] });
    const one = jsonOf(await told(['batch', batch, '--json'], environment)) as { affected: readonly { readonly type: string }[] };
    expect(one).toMatchObject({ batch, begunAt: expect.stringMatching(/\+08:00$/), endedAt: expect.stringMatching(/\+08:00$/) });
    expect(one.affected).toContainEqual({ type: 'CandidateRegistered', events: 3, candidates: 3, examples: expect.any(Array) });
    const shown = await told(['batch', batch], environment);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^ {2}scores\.csv：12 行，记录事件 12 条　SHA-256 [\da-f]{64}$/m);
    expect(shown.stdout).toMatch(/原因：四月成绩　工单：KS-17/);
  });

  it('`personal-centre batches` and `batch` refuse a batch that there is none of, and a reason that names a person by number', async () => {
    const { folder, data } = await smallBatch(1);
    expect((await told(['import', folder], { DATA_DIR: data })).code).toBe(0);
    const unknown = await told(['batch', '00000000-0000-4000-8000-000000000000', '--json'], { DATA_DIR: data });
    expect([unknown.code, jsonOf(unknown)]).toMatchObject([1, { error: { code: 'unknown_batch' } }]);
    expect(await told(['batch', 'x'], { DATA_DIR: data })).toMatchObject({ code: 2 });
    expect(await told(['import', folder, '--reason', '考生 110000000001'], { DATA_DIR: data })).toMatchObject({ code: 2 });
  });
});
