import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { scratch } from '../../imports/scratch.js';
import { addOfficer } from '../../office/office-browser.js';
import { FILES } from '../../processes/one-candidate.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const GONE = '119988000001';
const OTHER_NUMBER = '119988000002';
const ANOTHER = '119988000003';
let centre: TestCentre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // the command line has the machine's own clock
  id = await centre.candidate(GONE);
  await centre.candidate(OTHER_NUMBER);
  await addOfficer(centre, 'shi-1', ['city']);
  await centre.candidate(ANOTHER, { name: '另一位', id_no: '119900199611020021' });
});
afterAll(() => centre.close());

const personalCentre = (...args: readonly string[]) => told(args, { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });
const forget = (...args: readonly string[]) => personalCentre('forget', ...args, '--by', 'shi-1', '--reason', '保存期已满');

describe('`personal-centre forget`', () => {
  it('`personal-centre forget` does nothing without who, why and a confirmation', async () => {
    expect(await personalCentre('forget', GONE, '--by', 'shi-1', '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') });
    expect(await personalCentre('forget', GONE, '--by', 'shi-1', '--reason', `准考证 ${GONE}`, '--yes')).toMatchObject({ code: 2 });
    expect(await forget(GONE)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await forget('119900000000', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('没有这个准考证号') });
    expect(await centre.get(Vault).find([GONE])).toEqual([id]);
  });

  it('`personal-centre forget` erases the candidate, keeps who did it and why, and names the other numbers of the person', async () => {
    const sealed = (await centre.get(Vault).safe(id)).seal('示范考生');
    const forgotten = await forget(GONE, '--yes', '--json');
    expect(forgotten.code).toBe(0);
    expect(jsonOf(forgotten)).toMatchObject({ admissionNo: GONE, candidate: id, forgotten: true, otherNumbers: [OTHER_NUMBER] });
    expect((await centre.get(Vault).safe(id)).open(sealed)).toBeUndefined();
    const event = (await centre.get(EventStore).subject(id)).find(({ type }) => type === 'CandidateForgotten');
    expect(event?.metadata).toMatchObject({ by: 'office:shi-1', origin: 'office', why: '保存期已满' });
    expect(JSON.stringify(event)).not.toContain(GONE);
    expect(jsonOf(await forget(GONE, '--yes', '--json'))).toMatchObject({ forgotten: false });
  });

  it('`personal-centre forget` is respected by imports: rows of the number are left out and named, the others of their files are recorded', async () => {
    const batch = await scratch();
    for (const name of ['districts.csv', 'periods.csv']) writeFileSync(join(batch, name), FILES[name] ?? '');
    const header =
      'admission_no,name,id_type,id_no,sex,birth,health,ethnicity,household,district,registered_period,account_state,confirmed,photo,password_hash';
    const row = (number: string, name: string, citizenNo: string) =>
      `${number},${name},居民身份证,${citizenNo},女,1996-11-02,健康,满,北京市,西城区,2604,normal,Y,,`;
    const rows = [row(GONE, '示范考生', '119900199611020005'), row(ANOTHER, '另一位', '119900199611020021')];
    writeFileSync(join(batch, 'candidates.csv'), `${[header, ...rows].join('\n')}\n`);
    const imported = await personalCentre('import', batch, '--json');
    expect(imported.stdout).toContain('已按规定删除');
    expect(jsonOf(imported)).toMatchObject({
      bad: 0,
      files: expect.arrayContaining([expect.objectContaining({ file: 'candidates.csv', rows: 2, leftOut: 1, keptOut: false })]),
    });
    expect(imported.code).toBe(0);
    expect(await centre.get(Vault).find([GONE])).toEqual([undefined]);
    expect((await centre.get(EventStore).subject(await centre.idOf(ANOTHER))).at(-1)?.type).toBe('CandidateCorrected');
  });
});
