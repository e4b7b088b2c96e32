import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admissionNo, citizenNo, nameOf } from '../../imports/batch.js';
import { centreOn } from '../../imports/centre.js';
import { smallBatch } from '../../imports/scratch.js';
import { addOfficers, signedInOfficer } from '../officers.js';
import { type Ended, jsonOf } from '../run.js';
import { told } from '../told.js';

describe('The command timeline', () => {
  let data: string;
  const environment = () => ({ DATA_DIR: data, XDG_STATE_HOME: `${data}-state` });
  let id: string;
  const ask = (...args: readonly string[]): Promise<Ended> => told(['timeline', ...args], environment());

  beforeAll(async () => {
    const batch = await smallBatch(2);
    data = `${dirname(batch.folder)}-timeline`; // beyond the first test
    await (await centreOn(data)).close(); // makes a log and a vault, as a start does
    await addOfficers(environment(), { 'yunwei-1': 'operator' });
    expect(await told(['import', batch.folder, '--by', 'yunwei-1', '--reason', '开学'], environment())).toMatchObject({ code: 0 });
    expect(await told(['catch-up'], environment())).toMatchObject({ code: 0 });
    await signedInOfficer(environment(), 'li', 'city');
    const centre = await centreOn(data);
    id = (await centre.vault.find([admissionNo(0)]))[0] ?? '';
    await centre.close();
  });
  afterAll(() => Promise.all([data, `${data}-state`].map((each) => rm(each, { recursive: true, force: true }))));

  it('The command `timeline` says what happened to a candidate, when, by which batch and why, with nothing personal', async () => {
    const { code, stdout } = await ask(admissionNo(0));
    expect(code).toBe(0);
    const [first = ''] = stdout.split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT\S+\+08:00 {2}登记为考生：考区 .+。导入（yunwei-1，批次 \S+），原因：开学$/);
    expect(stdout).toMatch(/报考 \d{4}期 \d{5} \p{Script=Han}+/u);
    for (const personal of [nameOf(0), citizenNo(0), admissionNo(0)]) expect(stdout).not.toContain(personal);
    const { candidateId, timeline } = jsonOf<{ candidateId: string; timeline: readonly object[] }>(await ask(id, '--json'));
    expect([candidateId, timeline.length]).toEqual([id, stdout.trimEnd().split('\n').length]);
    expect(timeline[0]).toMatchObject({ type: 'CandidateRegistered', origin: 'import', import: { account: 'yunwei-1', reason: '开学' } });
  });

  it('The command `timeline` shows personal values once it is recorded who looks and why', async () => {
    const revealed = await ask(admissionNo(0), '--reveal', '--by', 'li', '--reason', '来电核对');
    expect(revealed).toMatchObject({ code: 0, stdout: expect.stringContaining(nameOf(0)) });
    const viewed = jsonOf(await told(['events', '--type', 'PersonViewed', '--json'], environment()));
    expect(viewed).toMatchObject({ events: [{ data: { candidateIds: [id], what: 'timeline', reason: '来电核对' } }] });
  });

  it('The command `timeline` ends with 1 for nobody', async () => {
    for (const nobody of ['990000000009', 'nobody']) {
      expect(jsonOf(await ask(nobody, '--json'))).toMatchObject({ error: { code: 'candidate.unknown' } });
    }
  });
});
