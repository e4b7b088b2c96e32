import { describe, expect, it } from '@jest/globals';
import { smallBatch } from '../../imports/scratch.js';
import { jsonOf, run } from '../run.js';

describe('`personal-centre batches` and `batch`', () => {
  it('`personal-centre batches` and `batch` list who imported what and why, and whom it affected, for people and as JSON', async () => {
    const { folder, data, rows } = await smallBatch(3);
    const environment = { DATA_DIR: data };
    const told = ['--by', 'xicheng', '--reason', '四月成绩', '--ticket', 'KS-17'];
    const { batch, recorded } = jsonOf(await run(['import', folder, '--json', ...told], environment).ended) as { batch: string; recorded: number };
    const listed = await run(['batches', '--json'], environment).ended;
    expect(jsonOf(listed)).toMatchObject({ total: 1, batches: [{ batch, by: 'xicheng', reason: '四月成绩', ticket: 'KS-17', rows, recorded }] });
    const one = jsonOf(await run(['batch', batch, '--json'], environment).ended) as { affected: readonly { readonly type: string }[] };
    expect(one).toMatchObject({ batch, begunAt: expect.stringMatching(/\+08:00$/), endedAt: expect.stringMatching(/\+08:00$/) });
    expect(one.affected).toContainEqual({ type: 'CandidateRegistered', events: 3, candidates: 3, examples: expect.any(Array) });
    const shown = await run(['batch', batch], environment).ended;
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^ {2}scores\.csv：12 行，记录事件 12 条　SHA-256 [\da-f]{64}$/m);
    expect(shown.stdout).toMatch(/原因：四月成绩　工单：KS-17/);
  });

  it('`personal-centre batches` and `batch` refuse a batch that there is none of, and a reason that names a person by number', async () => {
    const { folder, data } = await smallBatch(1);
    expect((await run(['import', folder], { DATA_DIR: data }).ended).code).toBe(0);
    const unknown = await run(['batch', '00000000-0000-4000-8000-000000000000', '--json'], { DATA_DIR: data }).ended;
    expect([unknown.code, jsonOf(unknown)]).toMatchObject([1, { error: { code: 'unknown_batch' } }]);
    expect(await run(['batch', 'x'], { DATA_DIR: data }).ended).toMatchObject({ code: 2 });
    expect(await run(['import', folder, '--reason', '考生 110000000001'], { DATA_DIR: data }).ended).toMatchObject({ code: 2 });
  });
});
