import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { knownProjections } from '../../../src/composition/known/projections.js';
import { ReadModelLag } from '../../../src/read-models/projecting/read-model-lag.js';
import { TestCentre } from '../../centre.js';
import { damage } from '../../read-models/damage.js';

const ACCOUNT = '119912345678';
const UPDATING = '资料正在更新';
/** What is said where there is nothing. */
const MISSING = /没有报考|还没有(记录|成绩|账单|注册专业)|没有(待缴|考籍申请|论文申报)|现在没有考试安排|没有这个页面/;

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z');
  const windows = { enrolment_opens: '2026-01-01T00:00:00+08:00', arrangements_released: '2026-10-01T00:00:00+08:00' };
  await centre.rows(
    'periods',
    { period: '2610', name: '2026年10月', ...windows, results_released: '2026-11-20T10:00:00+08:00', exam_starts: '2026-10-24', exam_ends: '2026-10-25' },
    { period: '2611', name: '2026年11月', ...windows, exam_starts: '2026-11-28', exam_ends: '2026-11-29' },
  );
  await centre.candidate(ACCOUNT);
  cookie = await centre.signIn(ACCOUNT);
  await centre.settled();
});
afterAll(() => centre.close());

const PAGES = ['', '/courses', '/exam', '/results', '/majors', '/declarations', '/status', '/bills', '/payments', '/bills/20260000000001', '/account'];
/** These leave out what there is not. */
const SAY_NOTHING = ['/courses', '/account'];

const page = (path: string) => centre.ask(`/center${path}`, { cookie: cookie.replace(/; seen=[^;]*/, '') });

it('No page calls a list empty or anything missing while its read models are behind, and each does once they have caught up', async () => {
  const lag = centre.get(ReadModelLag);
  const sure = await Promise.all(PAGES.map(page));
  for (const [at, { text }] of sure.entries())
    if (!SAY_NOTHING.includes(PAGES[at] ?? '')) expect([PAGES[at], text]).toEqual([PAGES[at], expect.stringMatching(MISSING)]);
  await centre.stopProjecting();
  await centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' });
  await lag.start();
  for (const path of PAGES) {
    const { status, text } = await page(path);
    expect([path, status]).toEqual([path, path.startsWith('/bills/') ? 503 : 200]);
    expect([path, text]).toEqual([path, expect.stringContaining(UPDATING)]);
    expect([path, text]).toEqual([path, expect.not.stringMatching(MISSING)]);
  }
  for (const path of ['/rules', '/notices']) expect((await page(path)).text).not.toContain(UPDATING); // nothing of these is behind
  await centre.goOnProjecting();
  await lag.checkWhileUnknown();
  for (const [at, path] of PAGES.entries()) {
    const { text } = await page(path);
    expect([path, text.includes(UPDATING), MISSING.test(text)]).toEqual([path, false, MISSING.test(sure[at]?.text ?? '')]);
  }
});

it('No page calls anything empty while read models are rebuilt for the first time under a running centre, and sessions stay valid', async () => {
  const lag = centre.get(ReadModelLag);
  await centre.stopProjecting();
  for (const { name } of knownProjections) damage(centre.folder, 'DELETE FROM checkpoints WHERE read_model GLOB ?', `${name}@*`);
  damage(centre.folder, 'DELETE FROM "sittings@2"');
  damage(centre.folder, 'DELETE FROM "candidate@1"');
  await lag.checkWhileUnknown();
  for (const path of ['/exam', '/results']) {
    const { text } = await page(path);
    expect([path, text]).toEqual([path, expect.stringContaining(UPDATING)]);
    expect([path, text]).toEqual([path, expect.not.stringMatching(MISSING)]);
  }
  await centre.goOnProjecting();
  await lag.checkWhileUnknown();
  const { status, text } = await page('/results');
  expect([status, text]).toEqual([200, expect.stringMatching(/您没有报考/)]);
});

it('A page of a read model whose table is gone says that it is updating, and no other page does; sessions stay valid', async () => {
  const lag = centre.get(ReadModelLag);
  await lag.start();
  expect((await page('/exam')).status).toBe(200);
  damage(centre.folder, 'DROP TABLE "sittings@2"');
  for (const path of ['/exam', '/results']) {
    const { status, text } = await page(path);
    expect([path, status, text]).toEqual([path, 503, expect.stringContaining(UPDATING)]);
  }
  const { status, text } = await page('/account');
  expect([status, text.includes(UPDATING)]).toEqual([200, false]);
});
