import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BuildStore } from '../../../src/read-models/build-store.js';
import { TestCentre } from '../../centre.js';
import { jsonOf } from '../run.js';
import { told } from '../told.js';

const PLACE = { site: '一中', address: '北京市', room: '001', state: 'arranged' };
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.rows('periods', { period: '2610', name: '2026年10月' });
  await centre.rows('courses', { code: '00249', name: '国际私法' }, { code: '00018', name: '计算机应用基础' });
  const office = { office: '自考办', place: '考试中心', address: '北京市', phone: '66560135' };
  await centre.rows('districts', { name: '西城区', ...office }, { name: '海淀区', ...office });
  const people = Array.from({ length: 5 }, (_, at) => String(119_988_000_001 + at));
  await centre.rows('candidates', ...people.map((admission_no, at) => ({ admission_no, district: at < 2 ? '西城区' : '海淀区' })));
  const [one, two, three, four, five] = people as [string, string, string, string, string];
  const of = (admission_no: string, course = '00249') => ({ admission_no, period: '2610', course });
  await centre.rows('enrolments', ...[of(one), of(two), of(three), of(four), of(five, '00018')].map((row) => ({ ...row, state: 'enrolled' })));
  const bill = { period: '2610', kind: 'enrolment', amount_fen: '3000', created_at: '2026-09-01T09:00:00+08:00' };
  const paid = (bill_no: string, admission_no: string) => ({
    ...bill,
    bill_no,
    admission_no,
    state: 'paid',
    paid_at: '2026-09-01T09:05:00+08:00',
    items: '00249:3000',
  });
  await centre.rows('payments', paid('20260000000001', one), paid('20260000000002', two), paid('20260000000003', three));
  await centre.rows('arrangements', { ...of(one), ...PLACE, seat: '01' }, { ...of(two), ...PLACE, seat: '02' });
  await centre.rows('scores', { ...of(one), score: '59' }, { ...of(two), remark: '缺考' });
  await centre.rows('scores', { ...of(one), score: '60' });
  await centre.rows('enrolments', { ...of(four), state: 'withdrawn' });
  await centre.rows('enrolments', { ...of(one, '00018'), state: 'enrolled' }, { ...of(two, '00018'), state: 'enrolled' });
  await centre.rows('payments', {
    ...bill,
    bill_no: '20260000000004',
    admission_no: one,
    state: 'due',
    due_by: '2036-12-31T00:00:00+08:00',
    items: '00018:3000',
  });
  await centre.rows('payments', { ...bill, bill_no: '20260000000005', admission_no: two, state: 'expired', items: '00018:3000' });
});
afterAll(() => centre.close());

const UNPAID = { enrolled: 3, paid: 0, unpaid: 3, due: 1, expired: 1, unbilled: 1, unseated: 0, passed: 0, failed: 0, absent: 0, withheld: 0, corrected: 0 };
interface Counted {
  readonly per: readonly object[];
}
const count = (...args: readonly string[]) => told(['count', ...args], { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });

describe('`personal-centre count`', () => {
  it('`personal-centre count` says how many candidates of a course in a period enrolled, paid, have a seat and which result', async () => {
    const counted = await count('2610', '00249');
    expect([counted.code, counted.stderr, counted.stdout.split('\n')]).toEqual([
      0,
      '',
      [
        '2610 00249 国际私法：报考 3 人，已缴费 3 人，未缴费 0 人，已缴费未安排座位 1 人',
        '成绩：合格 1 人，不合格 1 人（其中缺考 1 人），待定 0 人，更正过 1 人',
        expect.stringMatching(/^截至位置 \d+（.*\+08:00）的事件$/),
        '',
      ],
    ]);
    const other = await count('2610', '00018', '--json');
    expect(jsonOf(other)).toEqual({ period: '2610', course: '00018', ...UNPAID, asOf: expect.objectContaining({ position: expect.any(String), more: false }) });
  });

  it('`personal-centre count` counts all courses of a period, by course or by district', async () => {
    const byCourse = jsonOf<Counted>(await count('2610', '--per', 'course', '--json'));
    expect(byCourse).toMatchObject({ enrolled: 6, paid: 3, due: 1, expired: 1, unbilled: 1, unseated: 1, absent: 1, corrected: 1 });
    expect(byCourse.per).toMatchObject([
      { course: '00018', ...UNPAID },
      { course: '00249', enrolled: 3, paid: 3, unpaid: 0 },
    ]);
    const byDistrict = jsonOf<Counted>(await count('2610', '--per', 'district', '--json'));
    expect(byDistrict.per).toMatchObject([
      { district: '海淀区', enrolled: 2, paid: 1, unbilled: 1, unseated: 1 },
      { district: '西城区', enrolled: 4, paid: 2, due: 1, expired: 1, unseated: 0, absent: 1 },
    ]);
    const { stdout } = await count('2610', '--district', '西城区', '--per', 'course');
    expect(stdout).toContain('2610 西城区：报考 4 科次，已缴费 2 科次，未缴费 2 科次（待缴 1，已过期 1，没有账单 0）');
    expect(stdout).toContain('  00249 国际私法：报考 2，');
  });

  it.each([
    [['2704', '00249'], '没有考期 2704'],
    [['2610', '99999'], '没有课程 99999'],
  ])('`personal-centre count` of %j is refused in words', async (args, message) => {
    const { code, stderr } = await count(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it('`personal-centre count` asks for the switch while a build is served that finds nobody by course', async () => {
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

describe('`personal-centre clashes`', () => {
  const clashes = (...args: readonly string[]) => told(['clashes', ...args], { NODE_ENV: 'test', DATA_DIR: centre.folder, DEMO: 'false' });

  it('`personal-centre clashes` names a seat that two candidates have, who paid and has none, and two courses in one unit', async () => {
    await centre.rows('periods', { period: '2604', name: '2026年4月' });
    expect(await clashes('2604')).toMatchObject({ code: 0, stdout: expect.stringContaining('这个考期还没有安排座位') });
    await centre.rows('units', { period: '2604', unit: 'A', date: '2026-04-11', starts: '09:00' });
    await centre.rows('timetable', ...['00249', '00018'].map((course) => ({ period: '2604', course, unit: 'A', form: 'written' })));
    const [one, two, three] = ['119988000001', '119988000002', '119988000003'] as const;
    const ids = await Promise.all([one, two, three].map((each) => centre.idOf(each)));
    const of = (admission_no: string, course: string) => ({ admission_no, period: '2604', course });
    await centre.rows(
      'enrolments',
      ...[of(one, '00249'), of(one, '00018'), of(two, '00018'), of(three, '00018')].map((row) => ({ ...row, state: 'enrolled' })),
    );
    const bill = {
      period: '2604',
      kind: 'enrolment',
      state: 'paid',
      amount_fen: '3000',
      created_at: '2026-03-01T09:00:00+08:00',
      paid_at: '2026-03-01T09:05:00+08:00',
    };
    await centre.rows('payments', { ...bill, bill_no: '20260000000011', admission_no: three, items: '00018:3000' });
    expect(await clashes('2604')).toMatchObject({ code: 1, stdout: expect.stringContaining('已缴费而没有座位：0 个') });
    await centre.rows('arrangements', { ...of(one, '00249'), ...PLACE, seat: '01' }, { ...of(two, '00018'), ...PLACE, seat: '01' });

    const found = await clashes('2604', '--json');
    expect([found.code, jsonOf(found)]).toMatchObject([
      1,
      {
        counts: { 'seat-twice': 1, 'paid-without-seat': 1, 'unit-twice': 1 },
        clashes: [
          { kind: 'seat-twice', candidateId: ids[0], course: '00249', other: { candidateId: ids[1], course: '00018' }, seat: '一中 001 01' },
          { kind: 'paid-without-seat', candidateId: ids[2], course: '00018' },
          { kind: 'unit-twice', candidateId: ids[0], course: '00018', other: { course: '00249' } },
        ],
      },
    ]);
    const rows = (await clashes('2604', '--all')).stdout.trimEnd().split('\n');
    expect(rows).toContain(`seat-twice,${ids[0]},00249,${ids[1]},00018,"一中 001 01"`);
    expect(rows).toHaveLength(4);
    expect(await clashes('2704')).toMatchObject({ code: 1, stderr: expect.stringContaining('没有考期 2704') });
  });
});
