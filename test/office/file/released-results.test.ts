import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../../src/event-store/event.js';
import { releasedIntervals, within } from '../../../src/office/file/seen.js';
import type { Role } from '../../../src/office/officers/officers.events.js';
import { roleNames } from '../../../src/office/officers/role-names.js';
import { mayDo } from '../../../src/office/rights/rights.js';
import { withoutUnreleasedScores } from '../../../src/results/unreleased-scores.js';
import { TestCentre } from '../../centre.js';
import { OfficeBrowser } from '../office-browser.js';

const NO = '119912345001';
const RELEASE = '2026-11-24T02:00:00.000Z';
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

  it('A result that is not released is left out of events, with the reasons in which it may stand', () => {
    const metadata = { command: 'c', correlation: 'c', by: 'office:shi', origin: 'office', why: '87 改为 93' } as const;
    const event = (type: string): Recorded => ({
      type,
      data: { candidateId: 'c1', period: '2610', course: '00249', result: { score: 93 } },
      metadata,
      id: 'e',
      stream: 's',
      revision: 0,
      position: '1',
      recordedAt: RELEASE,
    });
    const events = ['ScoreRecorded', 'ScoreCorrected', 'ScoreWithheld', 'ScoreWithdrawn'].map(event);
    expect(JSON.stringify(withoutUnreleasedScores(events, () => false).slice(0, 2))).not.toMatch(/93|87/);
    expect(withoutUnreleasedScores(events, () => false).map(({ metadata: { why } }) => why)).toEqual([undefined, undefined, undefined, undefined]);
    expect(withoutUnreleasedScores(events, (period) => period === '2610')).toEqual(events);
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
