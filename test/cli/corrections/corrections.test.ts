import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import type { ViewingEvent } from '../../../src/office/office.events.js';
import { TestCentre } from '../../centre.js';
import { addOfficer } from '../../office/office-browser.js';
import { announce } from '../../web/announced.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const ONE = '119988000001';
const TWO = '119988000002';
const NOBODY = '119900000000';
const HEADER = 'admission_no,period,course,score,was';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(new Date().toISOString()); // the command line has the machine's own clock
  await announce(centre);
  for (const number of [ONE, TWO]) {
    await centre.candidate(number);
    await centre.rows('enrolments', { admission_no: number, period: '2604', course: '00015', state: 'enrolled' });
    await centre.rows('scores', { admission_no: number, period: '2604', course: '00015', score: '58' });
  }
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  await addOfficer(centre, 'cai', ['finance']);
});
afterAll(() => centre.close());

const personalCentre = (...args: readonly string[]) => told(args, { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });
const correction = (verb: string, ...args: readonly string[]) => personalCentre('correction', verb, ...args);
const propose = (...args: readonly string[]) => correction('propose', 'score', ...args, '--reason', '登分有误', '--json');
const scoresOf = async (number: string) =>
  (await centre.get(EventStore).subject(await centre.idOf(number))).filter(({ type }) => type.startsWith('Score')).map(({ data }) => data);

it('A correction of one score is proposed, previewed, approved by another officer and undone on the command line', async () => {
  const proposed = await propose(ONE, 'period=2604', 'course=00015', 'score=68', '--by', 'zhou');
  expect(proposed).toMatchObject({ code: 0 });
  const { correction: id } = jsonOf<{ correction: string }>(proposed);
  expect(await correction('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('待批准') });

  const shown = await correction('preview', id, '--by', 'he');
  expect(shown.stdout).toContain('更改 1 行');
  expect(shown.stdout).toContain('58 → 68');
  expect(shown.stdout).toContain('变为合格：1 行');
  expect(await scoresOf(ONE)).toHaveLength(1);

  expect(await correction('approve', id, '--by', 'he', '--fingerprint', 'another', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('预览已过期'),
  });
  const approved = await correction('approve', id, '--by', 'he', '--yes', '--json');
  expect(approved).toMatchObject({ code: 0 });
  expect(jsonOf(approved)).toMatchObject({ state: 'applied', rows: 1, recorded: 1, refused: 0, differing: 0 });
  expect((await scoresOf(ONE)).at(-1)).toMatchObject({ result: { score: 68 } });

  const undo = jsonOf<{ correction: string }>(await correction('undo', id, '--by', 'zhou', '--reason', '依据有误', '--json'));
  expect(await correction('approve', undo.correction, '--by', 'he', '--yes')).toMatchObject({ code: 0 });
  expect((await scoresOf(ONE)).at(-1)).toMatchObject({ result: { score: 58 } });
});

it('A correction is proposed only by an officer in use who has the role for it', async () => {
  const one = [ONE, 'period=2604', 'course=00015', 'score=70'];
  expect(await propose(...one, '--by', 'nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('没有在用的账号 nobody') });
  expect(await propose(...one, '--by', 'cai')).toMatchObject({ code: 1, stderr: expect.stringContaining('不能提出') });
  expect(await scoresOf(ONE)).not.toContainEqual(expect.objectContaining({ result: { score: 70 } }));
});

it('A file of corrections tells apart what cannot be proposed, and proposes the rest where it is asked to', async () => {
  const file = join(centre.folder, 'scores.csv');
  const lines = [HEADER, `${ONE},2604,00015,71,58`, `${TWO},2604,00015,72,40`, `${ONE},2604,00015,73,`, `${NOBODY},2604,00015,60,`, `${TWO},2604,00018,abc,`];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const all = await propose('--file', file, '--by', 'zhou');
  expect(all).toMatchObject({ code: 1, stderr: expect.stringContaining('3 行不能提出') });
  const rest = await propose('--file', file, '--by', 'zhou', '--skip-bad-rows');
  expect(jsonOf(rest)).toMatchObject({ rows: 2, leftOut: 3 });
  const { correction: id, bad } = jsonOf<{ correction: string; bad: readonly { line: number; reason: string }[] }>(rest);
  expect(bad.map(({ line, reason }) => [line, reason]).sort()).toEqual([
    [4, '与第 2 行更正的是同一项'],
    [5, '没有这个准考证号的考生'],
    [6, '应为 0 到 100 的整数'],
  ]);
  const table = join(centre.folder, 'rows.csv');
  const shown = await correction('preview', id, '--by', 'he', '--rows', table, '--json');
  expect(jsonOf(shown)).toMatchObject({ changes: 1, refused: 1, reasons: [{ text: '现在不是 was 所写的值。', rows: 1 }] });
  expect(readFileSync(table, 'utf8')).toContain('58 → 71');
  expect(await correction('withdraw', id, '--by', 'he')).toMatchObject({ code: 1, stderr: expect.stringContaining('只有提出的人可以撤回') });
  expect(await correction('withdraw', id, '--by', 'zhou')).toMatchObject({ code: 0 });
});

it('A correction that is returned cannot be approved any more', async () => {
  const { correction: id } = jsonOf<{ correction: string }>(await propose(TWO, 'period=2604', 'course=00015', 'score=80', '--by', 'zhou'));
  expect(await correction('return', id, '--by', 'he', '--reason', '缺少依据')).toMatchObject({ code: 0 });
  expect(await correction('approve', id, '--by', 'he', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('已经退回') });
});

it('A preview on the command line is recorded as a look at all candidates that it shows', async () => {
  const { events } = await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] });
  const viewings = events.map(({ data, metadata }) => ({ by: metadata.by, ...(data as ViewingEvent['data']) }));
  expect(viewings).toContainEqual(
    expect.objectContaining({ by: 'office:he', candidateIds: expect.arrayContaining([await centre.idOf(ONE), await centre.idOf(TWO)]) }),
  );
});
