import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { causedBy } from '../../../src/event-store/cause.js';
import type { Recorded } from '../../../src/event-store/event.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { noteBegin } from '../../../src/imports/recording/note-batch.js';
import { releasedIntervals, within } from '../../../src/office/file/seen.js';
import type { Role } from '../../../src/office/officers/officers.events.js';
import { roleNames } from '../../../src/office/officers/role-names.js';
import { mayDo } from '../../../src/office/rights/rights.js';
import { RecordScore } from '../../../src/results/record-score.command.js';
import { withoutUnreleasedScores } from '../../../src/results/unreleased-scores.js';
import { WithdrawScore } from '../../../src/results/withdraw-score.command.js';
import { WithholdScore } from '../../../src/results/withhold-score.command.js';
import { kindOf } from '../../../src/timeline/kinds.js';
import { TestCentre } from '../../centre.js';
import type { Draw } from '../../event-values.js';
import { everyEvent } from '../../every-event.js';
import { OfficeBrowser } from '../office-browser.js';

const NO = '119912345001';
const RELEASE = '2026-11-24T02:00:00.000Z';
/** Courses whose results are withheld, withdrawn, and recorded with a ticket. */
const HELD = ['02331', '02332', '02333'] as const;
const WHY = ['withheld', 'result', 'corrected'];
const WITH_FILES = (Object.keys(roleNames) as Role[]).filter((role) => mayDo([role], 'find_candidates'));

let centre: TestCentre;
let id: string;
const browsers = new Map<Role, OfficeBrowser>();
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-24T01:00:00.000Z');
  await centre.rows('districts', { name: '东城区', office: '东城区自考办', place: '一层', address: '北京市', phone: '010-00000000' });
  await centre.rows('periods', { period: '2610', name: '2026年10月', results_released: RELEASE });
  id = await centre.candidate(NO, { district: '东城区' });
  for (const score of ['87', '93']) await centre.rows('scores', { admission_no: NO, period: '2610', course: '00249', score });
  const [withheld, withdrawn, first] = HELD;
  const why = { why: '抄错', ticket: '雷同卷 61分' };
  const held = { by: 'office:shi', origin: 'office', correlation: 'held', ...why } as const;
  for (const course of [withheld, withdrawn]) await centre.rows('scores', { admission_no: NO, period: '2610', course, score: '61' });
  const given = () => givenAt(centre.clock.instant());
  await causedBy(held, () => centre.get(CommandBus).execute(new WithholdScore(given(), id, '2610', withheld)));
  await causedBy({ ...held, correlation: 'withdrawn' }, () => centre.get(CommandBus).execute(new WithdrawScore(given(), id, '2610', withdrawn)));
  await causedBy({ ...held, correlation: 'first' }, () => centre.get(CommandBus).execute(new RecordScore(given(), id, '2610', first, { score: 61 })));
  await causedBy({ by: 'import', origin: 'import', correlation: 'batch' }, async () => {
    await noteBegin(centre.get(EventStore), { by: 'shi', reason: '补录 61 分' }, []);
    await centre.get(CommandBus).execute(new RecordScore(given(), id, '2610', '02334', { score: 61 }));
  });
  await centre.settled();
  for (const role of WITH_FILES) browsers.set(role, await OfficeBrowser.signedIn(centre, `${role}-1`, role, role === 'district' ? ['东城区'] : []));
});
afterAll(() => centre.close());

const VIEWS = [
  '',
  '?kind=result',
  '/data?model=sittings&all=1',
  '/data?model=sittings&left=0&right=1',
  '/why?model=sittings&field=2610.00249.result',
  '/why?model=sittings&field=2610.00249.result.score',
  '/why?model=sittings&field=2610.00249.corrected.score',
  '/pages?page=home',
  '/pages?page=results',
  '/fixture?model=sittings',
];

/** Whether any view of the file, or the list and the search, shows one of the scores. Numbers of rows and times hold neither. */
async function shows(browser: OfficeBrowser): Promise<boolean> {
  const answers = await Promise.all(VIEWS.map((path) => browser.get(`/office/candidates/${id}${path}`)));
  const others = [await browser.get('/office/candidates?district=东城区'), await browser.post('/office/search', { q: NO }), await browser.get('/office')];
  expect(answers[0]?.status).toBe(200);
  return [...answers, ...others].some(({ body }) => /(?<![\d:-])(87|93) 分|>\s*(87|93)\s*<|"score": (87|93)|\{"score":(87|93)\}/.test(body));
}

describe('A result', () => {
  it.each(WITH_FILES)('A result is shown one second before its release to those alone who may see it, and after it: %s', async (role) => {
    const browser = browsers.get(role) as OfficeBrowser;
    centre.clock.time = new Date('2026-11-24T01:59:00.000Z');
    await browser.signIn();
    centre.clock.time = new Date(Date.parse(RELEASE) - 1_000);
    expect([role, await shows(browser)]).toEqual([role, ['city', 'approver', 'auditor'].includes(role)]);
    centre.clock.time = new Date(Date.parse(RELEASE) + 1_000);
    expect([role, await shows(browser)]).toEqual([role, true]);
  });

  const draw: Draw = { id: (kind) => `some ${kind}`, of: (...values) => values.at(-1) as never, instant: () => RELEASE };
  const types = (Object.keys(everyEvent) as (keyof typeof everyEvent)[]).filter(
    (type) => kindOf(type) === 'result' || /Score|Grade/.test(type) || 'result' in everyEvent[type](draw),
  );
  const metadata = { command: 'digest of 93', correlation: 'c', by: 'office:shi', origin: 'office', why: '87 改为 93', ticket: '雷同卷 93分' } as const;
  const event = (type: keyof typeof everyEvent): Recorded => ({
    type,
    data: { ...everyEvent[type](draw), period: '2610', later: 93 },
    metadata,
    id: 'digest of 93',
    stream: 's',
    revision: 0,
    position: '1',
    recordedAt: RELEASE,
  });

  it.each(types)('A result that is not released leaves no trace of what was recorded about it, nor why: %s', (type) => {
    const [[shown], [recorded]] = [type, 'ScoreRecorded' as const].map((each) => withoutUnreleasedScores([event(each)], () => false)) as [
      Recorded[],
      Recorded[],
    ];
    expect(shown).toEqual(recorded);
    expect(shown?.data).toEqual({ candidateId: 'some candidate', period: '2610', course: 'some course', result: { remark: '未发布' } });
    expect(shown?.metadata).toEqual({ command: 's@0', correlation: 'c', by: 'office:shi', origin: 'office' });
    expect(JSON.stringify(shown)).not.toMatch(/93|87|雷同/);
    expect(withoutUnreleasedScores([event(type)], (period) => period === '2610')).toEqual([event(type)]);
  });

  it('A result that a newer release recorded is masked whole, as nobody can say of which period it is', () => {
    const [shown] = withoutUnreleasedScores([{ ...event('ScoreCorrected'), unknown: true }], () => true);
    expect(shown).toMatchObject({ data: { result: { remark: '未发布' } }, unknown: true });
    expect(JSON.stringify(shown)).not.toMatch(/93|87|雷同/);
  });

  it.each(WITH_FILES)('A result that is withheld or withdrawn before its release is told as such to those alone who may see it: %s', async (role) => {
    const browser = browsers.get(role) as OfficeBrowser;
    centre.clock.time = new Date('2026-11-24T01:59:20.000Z');
    await browser.signIn();
    const paths = [
      '',
      '?kind=result',
      '/data?model=sittings&all=1',
      ...HELD.flatMap((course) => WHY.map((field) => `/why?model=sittings&field=2610.${course}.${field}`)),
    ];
    const answers = await Promise.all([...paths, '/fixture?model=sittings'].map((path) => browser.get(`/office/candidates/${id}${path}`)));
    expect(answers[0]?.status).toBe(200);
    const isTold = answers.some(({ body }) => /待定|撤回|withheld|ScoreWith|ScoreCorrected|雷同|抄错/.test(body));
    const maySee = ['city', 'approver', 'auditor'].includes(role);
    expect([role, isTold, answers[0]?.body.includes('补录')]).toEqual([role, maySee, maySee]);
    expect(answers[0]?.body).toContain('导入，shi');
  });
});

describe('When pages showed something', () => {
  const scheduled = (recordedAt: string, at?: string): Recorded => ({
    type: 'ResultsReleaseScheduled',
    data: { period: '2610', ...(at !== undefined && { at }) },
    id: recordedAt,
    stream: 'period-2610',
    revision: 0,
    position: recordedAt,
    recordedAt,
    metadata: { command: 'c', correlation: 'c', by: 'import', origin: 'import' },
  });
  const day = (date: number) => `2026-11-${String(date).padStart(2, '0')}T00:00:00.000Z`;
  const intervals = (now: string, ...history: Recorded[]) => releasedIntervals(history, 'ResultsReleaseScheduled', now);

  it('When pages showed something follows from the release, also one in Beijing’s time, and not before it', () => {
    expect(intervals(day(10), scheduled(day(1), '2026-11-05T08:00:00+08:00'))).toEqual([{ from: day(5) }]);
    expect(intervals(day(4), scheduled(day(1), day(5)))).toEqual([]);
  });

  it('When pages showed something ends where a release is taken back, and begins again with another', () => {
    expect(intervals(day(20), scheduled(day(1), day(5)), scheduled(day(7)), scheduled(day(8), day(9)))).toEqual([
      { from: day(5), to: day(7) },
      { from: day(9) },
    ]);
    expect(intervals(day(20), scheduled(day(1), day(9)), scheduled(day(7), day(15)))).toEqual([{ from: day(15) }]);
    expect(intervals(day(20), scheduled(day(6), day(2)))).toEqual([{ from: day(6) }]);
  });

  it('When pages showed a value that was replaced before the release is never', () => {
    expect(within({ from: day(1), to: day(3) }, [{ from: day(5) }])).toEqual([]);
    expect(within({ from: day(1), to: day(7) }, [{ from: day(5), to: day(6) }, { from: day(6) }])).toEqual([
      { from: day(5), to: day(6) },
      { from: day(6), to: day(7) },
    ]);
    expect(within({ from: day(8) }, [{ from: day(5) }])).toEqual([{ from: day(8) }]);
  });
});
