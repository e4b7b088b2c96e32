import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuildStore } from '../../../src/read-models/build-store.js';
import { TestCentre } from '../../centre.js';
import { jsonOf, run } from '../run.js';

const PLACE = { site: '一中', address: '北京市', room: '001', state: 'arranged' };
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.rows('periods', { period: '2610', name: '2026年10月' });
  await centre.rows('courses', { code: '00249', name: '国际私法' }, { code: '00018', name: '计算机应用基础' });
  const people = Array.from({ length: 5 }, (_, at) => String(119_988_000_001 + at));
  await centre.rows('candidates', ...people.map((admission_no) => ({ admission_no })));
  const [one, two, three, four, five] = people as [string, string, string, string, string];
  const of = (admission_no: string, course = '00249') => ({ admission_no, period: '2610', course });
  await centre.rows('enrolments', ...[of(one), of(two), of(three), of(four), of(five, '00018')].map((row) => ({ ...row, state: 'enrolled' })));
  const paid = (bill_no: string, admission_no: string) => ({
    bill_no,
    admission_no,
    period: '2610',
    kind: 'enrolment',
    state: 'paid',
    amount_fen: '3000',
    created_at: '2026-09-01T09:00:00+08:00',
    paid_at: '2026-09-01T09:05:00+08:00',
    items: '00249:3000',
  });
  await centre.rows('payments', paid('20260000000001', one), paid('20260000000002', two), paid('20260000000003', three));
  await centre.rows('arrangements', { ...of(one), ...PLACE, seat: '01' }, { ...of(two), ...PLACE, seat: '02' });
  await centre.rows('scores', { ...of(one), score: '59' }, { ...of(two), remark: '缺考' });
  await centre.rows('scores', { ...of(one), score: '60' });
  await centre.rows('enrolments', { ...of(four), state: 'withdrawn' });
});
afterAll(() => centre.close());

const count = (...args: readonly string[]) => run(['count', ...args], { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' }).ended;

describe('count', () => {
  it('says how many candidates of a course in a period enrolled, paid, have a seat and which result', async () => {
    const counted = await count('2610', '00249');
    expect([counted.code, counted.stderr, counted.stdout]).toEqual([
      0,
      '',
      '2610 00249 国际私法：报考 3 人，已缴费 3 人，未缴费 0 人，已缴费未安排座位 1 人\n成绩：合格 1 人，不合格 1 人（其中缺考 1 人），待定 0 人，更正过 1 人\n',
    ]);
    const other = await count('2610', '00018', '--json');
    expect(jsonOf(other)).toEqual({
      period: '2610',
      course: '00018',
      enrolled: 1,
      paid: 0,
      unpaid: 1,
      unseated: 0,
      passed: 0,
      failed: 0,
      absent: 0,
      withheld: 0,
      corrected: 0,
    });
  });

  it.each([
    [['2704', '00249'], '没有考期 2704'],
    [['2610', '99999'], '没有课程 99999'],
  ])('of %j is refused in words', async (args, message) => {
    const { code, stderr } = await count(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('asks for the switch while a build is served that finds nobody by course', async () => {
    const builds = centre.get(BuildStore);
    const { serving } = await builds.registry();
    const before = {
      name: 'sittings@1',
      readModel: 'sittings',
      version: 1,
      fingerprint: '7af9c1272c647ef7',
      state: 'building',
      begun: '2026-11-01T00:00:00.000Z',
    } as const;
    await builds.change((registry) => ({ ...registry, builds: [...registry.builds, before], serving: { ...serving, sittings: before.name } }));
    const { code, stderr } = await count('2610', '00249');
    expect([code, stderr]).toEqual([1, expect.stringContaining('请先运行 switch sittings')]);
    await builds.change((registry) => ({ ...registry, builds: registry.builds.filter(({ name }) => name !== before.name), serving }));
  });
});
