import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { periods } from '../../../projections/periods.js';
import type { PeriodTerms } from '../../../src/catalogue/catalogue.events.js';
import { AnnouncePeriod } from '../../../src/catalogue/periods/announce-period.command.js';
import type { Paper } from '../../../src/catalogue/periods/period.decider.js';
import { announcePeriod, examPeriod, schedulePaper, scheduleUnit } from '../../../src/catalogue/periods/period.decider.js';
import { SchedulePaper } from '../../../src/catalogue/periods/schedule-paper.command.js';
import { ScheduleUnit } from '../../../src/catalogue/periods/schedule-unit.command.js';
import { anyGiven, documentOf, lastRecordedWins } from '../../decided.js';
import { given } from '../../given.js';

const terms: PeriodTerms = {
  name: '2026年10月',
  registration: {},
  confirmation: {},
  enrolment: { opens: '2026-07-15T01:00:00.000Z', closes: '2026-08-04T01:00:00.000Z' },
  examStarts: '2026-10-24',
  examEnds: '2026-10-25',
};
const released = '2026-10-17T01:00:00.000Z';
const later = '2026-10-18T01:00:00.000Z';

const announced = { type: 'PeriodAnnounced', data: { period: '2610', ...terms } } as const;
const arrangementsAt = (at: string | undefined) => ({ type: 'ArrangementsReleaseScheduled', data: { period: '2610', at } }) as const;
const resultsAt = (at: string | undefined) => ({ type: 'ResultsReleaseScheduled', data: { period: '2610', at } }) as const;
const unitA = { type: 'UnitScheduled', data: { period: '2610', unit: 'A', date: '2026-10-24', starts: '09:00' } } as const;
const paper = { type: 'PaperScheduled', data: { period: '2610', course: '00015', unit: 'A', form: 'written', minutes: 150 } } as const;

const announce = (changes: Partial<PeriodTerms> = {}, releases: AnnouncePeriod['releases'] = {}) =>
  new AnnouncePeriod(anyGiven, '2610', { ...terms, ...changes }, releases);
const schedule = (date: string, starts: string) => new ScheduleUnit(anyGiven, '2610', 'A', { date, starts });
const examine = (of: Paper) => new SchedulePaper(anyGiven, '2610', '00015', of);

describe('AnnouncePeriod', () => {
  it('AnnouncePeriod records a period without releases while they are not known', () =>
    given(examPeriod, [])
      .when((state) => announcePeriod(state, announce()))
      .then([announced]));

  it('AnnouncePeriod schedules each release that is known', () =>
    given(examPeriod, [])
      .when((state) => announcePeriod(state, announce({}, { arrangements: released, results: later })))
      .then([announced, arrangementsAt(released), resultsAt(later)]));

  it('AnnouncePeriod records nothing when nothing changed', () =>
    given(examPeriod, [announced, arrangementsAt(released)])
      .when((state) => announcePeriod(state, announce({}, { arrangements: released })))
      .then([]));

  it('AnnouncePeriod records only the release that changed', () =>
    given(examPeriod, [announced, arrangementsAt(released), resultsAt(later)])
      .when((state) => announcePeriod(state, announce({}, { arrangements: released, results: released })))
      .then([resultsAt(released)]));

  it('AnnouncePeriod records that a release is cancelled', () =>
    given(examPeriod, [announced, resultsAt(later)])
      .when((state) => announcePeriod(state, announce()))
      .then([resultsAt(undefined)]));

  it('AnnouncePeriod records all terms again when one changed, also one that is now missing', () =>
    given(examPeriod, [announced])
      .when((state) => announcePeriod(state, announce({ examEnds: undefined })))
      .then([{ type: 'PeriodAnnounced', data: { ...announced.data, examEnds: undefined } }]));
});

describe('ScheduleUnit', () => {
  it('ScheduleUnit is refused for a period that is not announced', () =>
    given(examPeriod, [])
      .when((state) => scheduleUnit(state, schedule('2026-10-24', '09:00')))
      .refuses('period.not_announced', { period: '2610' }));

  it('ScheduleUnit records a unit once, and again only when its time changes', () => {
    given(examPeriod, [announced])
      .when((state) => scheduleUnit(state, schedule('2026-10-24', '09:00')))
      .then([unitA]);
    given(examPeriod, [announced, unitA])
      .when((state) => scheduleUnit(state, schedule('2026-10-24', '09:00')))
      .then([]);
    given(examPeriod, [announced, unitA])
      .when((state) => scheduleUnit(state, schedule('2026-10-24', '14:30')))
      .then([{ type: 'UnitScheduled', data: { ...unitA.data, starts: '14:30' } }]);
  });
});

describe('SchedulePaper', () => {
  it('SchedulePaper is refused without its period, or without the unit that it names', () => {
    given(examPeriod, [])
      .when((state) => schedulePaper(state, examine({ form: 'practical' })))
      .refuses('period.not_announced', { period: '2610' });
    given(examPeriod, [announced, unitA])
      .when((state) => schedulePaper(state, examine({ unit: 'B', form: 'written' })))
      .refuses('period.no_such_unit', { period: '2610', unit: 'B' });
  });

  it('SchedulePaper records a paper once, and again when its unit, form or minutes change', () => {
    given(examPeriod, [announced, unitA])
      .when((state) => schedulePaper(state, examine({ unit: 'A', form: 'written', minutes: 150 })))
      .then([paper]);
    given(examPeriod, [announced, unitA, paper])
      .when((state) => schedulePaper(state, examine({ unit: 'A', form: 'written', minutes: 150 })))
      .then([]);
    given(examPeriod, [announced, unitA, paper])
      .when((state) => schedulePaper(state, examine({ unit: 'A', form: 'written', minutes: 120 })))
      .then([{ type: 'PaperScheduled', data: { ...paper.data, minutes: 120 } }]);
    given(examPeriod, [announced, unitA, paper])
      .when((state) => schedulePaper(state, examine({ form: 'practical' })))
      .then([{ type: 'PaperScheduled', data: { period: '2610', course: '00015', unit: undefined, form: 'practical', minutes: undefined } }]);
  });
});

it('The period announced last holds, whatever was announced before', () => {
  const moment = fc.constantFrom(undefined, released, later);
  lastRecordedWins({
    decider: examPeriod,
    decide: announcePeriod,
    commands: fc
      .record({ examEnds: fc.constantFrom(undefined, '2026-10-25'), opens: moment, paymentCloses: moment, arrangements: moment, results: moment })
      .map(({ examEnds, opens, paymentCloses, ...releases }) => announce({ examEnds, enrolment: { opens }, paymentCloses }, releases)),
    shown: (events) => documentOf(periods, events),
  });
});
