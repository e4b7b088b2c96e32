import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '../../../src/event-store/event.js';
import { type TimelineFilter, type TimelineSource, timelineView } from '../../../src/office/file/timeline.view.js';
import type { Words } from '../../../src/timeline/words.js';

const words: Words = { course: (code) => code, major: (code) => code, period: (code) => code, open: () => undefined, idNo: (number) => number };

/** An event of a minute, of a request. */
function enrolled(minute: number, correlation: string, course = `course-${minute}`): Recorded {
  const at = new Date(Date.parse('2026-11-01T00:00:00.000Z') + minute * 60_000).toISOString();
  return {
    type: 'CourseEnrolled',
    data: { candidateId: 'c1', period: '2610', course, unit: 'A' },
    id: String(minute),
    stream: 'enrolment-c1-2610',
    revision: minute,
    position: String(minute + 1).padStart(16, '0'),
    subject: 'c1',
    recordedAt: at,
    metadata: { command: 'c', correlation, by: 'c1', origin: 'person' },
  };
}

const view = (events: readonly Recorded[], filter: TimelineFilter = {}, more: Partial<TimelineSource> = {}) =>
  timelineView({ events, words, releases: [], batches: new Map(), raw: false, ...more }, filter);
const titles = ({ days }: ReturnType<typeof view>) => days.flatMap(({ groups }) => groups.flatMap(({ lines }) => lines.map(({ sentence }) => sentence)));

describe('The groups of a timeline', () => {
  it('The groups of a timeline are what one request recorded, also where another recorded something in between', () => {
    const { days } = view([enrolled(1, 'one'), enrolled(2, 'two'), enrolled(3, 'one')]);
    expect(days.flatMap(({ groups }) => groups.map(({ lines }) => lines.length))).toEqual([1, 2]);
  });

  it('The groups of a timeline are parted by days of Beijing', () => {
    expect(view([enrolled(0, 'one'), enrolled(20 * 60, 'one')]).days.map(({ day }) => day)).toEqual(['2026年11月2日 周一', '2026年11月1日 周日']);
  });

  it('The groups of a timeline come page by page, each event once, however requests interleave', () => {
    const events = Array.from({ length: 330 }, (_, at) => enrolled(at, `request-${at % 130}`));
    const told: string[] = [];
    for (let before: string | undefined, pages = 0; pages === 0 || before !== undefined; pages++) {
      const page = view(events, { before });
      told.push(...titles(page));
      ({ before } = page);
      expect(pages).toBeLessThan(10);
    }
    expect(told.length).toBe(330);
    expect(new Set(told).size).toBe(330);
  });

  it('The groups of a timeline begin at the page of the event that was searched for', () => {
    const events = Array.from({ length: 200 }, (_, at) => enrolled(at, `request-${at}`));
    const { days } = view(events, {}, { searched: events[20]?.position });
    expect(days.flatMap(({ groups }) => groups.filter(({ isSearched }) => isSearched)).length).toBe(1);
  });

  it('The groups of a timeline have releases between them, unless a kind or an origin is asked for', () => {
    const releases = [{ at: enrolled(2, '').recordedAt, says: '成绩发布' }];
    const events = [enrolled(1, 'one'), enrolled(3, 'two')];
    const said = (filter: TimelineFilter) => view(events, filter, { releases }).days.flatMap(({ groups }) => groups.map(({ title }) => title));
    expect(said({})[1]).toBe('成绩发布');
    for (const filter of [{ kind: 'enrolment' }, { origin: 'person' }, { since: '2026-12-01' }] as const) expect(said(filter)).not.toContain('成绩发布');
  });
});
