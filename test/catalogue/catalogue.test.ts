import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CatalogueEvent, PeriodTerms } from '../../src/catalogue/catalogue.events.js';
import { Catalogue } from '../../src/catalogue/catalogue.js';
import type { NoticeEvent } from '../../src/notices/notices.events.js';
import { MemoryEventStore } from '../read-models/memory.event-store.js';
import { ReadModelsFolder } from '../read-models/projecting/projecting.js';

let events: MemoryEventStore;
let folder: ReadModelsFolder;
let catalogue: Catalogue;
beforeEach(() => {
  events = new MemoryEventStore();
  folder = new ReadModelsFolder();
  catalogue = new Catalogue(events, folder.readModels);
});
afterEach(async () => {
  await catalogue.stop();
  await folder.drop();
});

async function record(...recorded: readonly (CatalogueEvent | NoticeEvent)[]): Promise<void> {
  events.tell(recorded);
  await catalogue.start();
}

function announced(period: string, terms: Partial<PeriodTerms> = {}): CatalogueEvent {
  return { type: 'PeriodAnnounced', data: { period, name: `${period}期`, registration: {}, confirmation: {}, enrolment: {}, ...terms } };
}

const resultsRelease = (period: string, at?: string): CatalogueEvent => ({ type: 'ResultsReleaseScheduled', data: { period, at } });
const arrangementsRelease = (period: string, at?: string): CatalogueEvent => ({ type: 'ArrangementsReleaseScheduled', data: { period, at } });
const unit = (period: string, letter: string, date: string, starts: string): CatalogueEvent => ({
  type: 'UnitScheduled',
  data: { period, unit: letter, date, starts },
});
const paper = (period: string, course: string, letter?: string): CatalogueEvent => ({
  type: 'PaperScheduled',
  data: { period, course, unit: letter, form: letter ? 'written' : 'practical' },
});

describe('The catalogue’s timetable', () => {
  it('The catalogue’s timetable gives a paper by period and course', async () => {
    await record(announced('2610'), unit('2610', 'A', '2026-10-24', '09:00'), paper('2610', '06090', 'A'), paper('2610', '00261'));
    expect(catalogue.paper('2610', '06090')).toEqual({ unit: 'A', form: 'written', minutes: undefined });
    expect(catalogue.paper('2604', '06090')).toBeUndefined();
  });

  it('The catalogue’s timetable has nothing under the names of properties that every JavaScript object has', async () => {
    await record(announced('2610'));
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(catalogue.paper('2610', name)).toBeUndefined();
      expect(catalogue.has('unit', `2610/${name}`)).toBe(false);
      expect(catalogue.course(name)).toBeUndefined();
    }
  });
});

describe('The catalogue', () => {
  it('The catalogue ends the exams of 1989 by the summer time that Beijing had then', async () => {
    await record(announced('8904', { enrolment: { opens: '1989-01-01T00:00:00Z' }, examStarts: '1989-04-22', examEnds: '1989-04-22' }));
    expect(catalogue.openPeriods(new Date('1989-04-22T14:59:59.999Z'))).toEqual(['8904']);
    expect(catalogue.openPeriods(new Date('1989-04-22T15:00:00Z'))).toEqual([]);
  });

  it('The catalogue shows a period from the opening of enrolment to the end of the last exam day in Beijing', async () => {
    await record(announced('2610', { enrolment: { opens: '2026-08-25T01:00:00Z' }, examStarts: '2026-10-24', examEnds: '2026-10-25' }));
    expect(catalogue.openPeriods(new Date('2026-08-25T00:59:59.999Z'))).toEqual([]);
    expect(catalogue.openPeriods(new Date('2026-08-25T01:00:00Z'))).toEqual(['2610']);
    expect(catalogue.openPeriods(new Date('2026-10-25T15:59:59.999Z'))).toEqual(['2610']);
    expect(catalogue.openPeriods(new Date('2026-10-25T16:00:00Z'))).toEqual([]);
  });

  it('The catalogue lists the nearest exam first, and exams without days by the month of their code', async () => {
    const enrolment = { opens: '2020-01-01T00:00:00Z' };
    await record(
      announced('2704', { enrolment, examStarts: '2027-04-10', examEnds: '2027-04-11' }),
      announced('2710', { enrolment }),
      announced('2610', { enrolment, examStarts: '2026-10-24', examEnds: '2026-10-25' }),
      announced('2701', { enrolment }),
    );
    expect(catalogue.openPeriods(Date.parse('2026-09-01T00:00:00Z'))).toEqual(['2610', '2701', '2704', '2710']);
  });

  it('The catalogue shows a period without announced exam days until the end of its last unit’s day', async () => {
    await record(
      announced('2610', { enrolment: { opens: '2026-08-25T01:00:00Z' } }),
      unit('2610', 'C', '2026-10-25', '09:00'),
      unit('2610', 'A', '2026-10-24', '09:00'),
    );
    expect(catalogue.openPeriods(new Date('2026-10-25T12:00:00Z'))).toEqual(['2610']);
    expect(catalogue.openPeriods(new Date('2026-10-25T16:00:00Z'))).toEqual([]);
  });

  it('The catalogue shows arrangements from their release to the end of the exam', async () => {
    await record(announced('2610', { examStarts: '2026-10-24', examEnds: '2026-10-25' }), arrangementsRelease('2610', '2026-10-15T02:00:00Z'));
    expect(catalogue.examInformationPeriods(new Date('2026-10-15T01:59:59Z'))).toEqual([]);
    expect(catalogue.arrangementsReleased('2610', new Date('2026-10-15T01:59:59Z'))).toBe(false);
    expect(catalogue.examInformationPeriods(new Date('2026-10-15T02:00:00Z'))).toEqual(['2610']);
    expect(catalogue.arrangementsReleased('2610', new Date('2026-10-15T02:00:00Z'))).toBe(true);
    expect(catalogue.examInformationPeriods(new Date('2026-10-26T00:00:00Z'))).toEqual([]);
  });

  it('The catalogue shows results from their release on, the newest period first, across the turn of the century', async () => {
    const release = '2026-05-20T02:00:00Z';
    await record(
      ...['2604', '9910', '2510', '0004'].flatMap((code) => [announced(code), resultsRelease(code, code === '2604' ? release : '2001-01-01T00:00:00Z')]),
    );
    expect(catalogue.resultsPeriods(new Date(Date.parse(release) - 1))).toEqual(['2510', '0004', '9910']);
    expect(catalogue.resultsPeriods(new Date(release))).toEqual(['2604', '2510', '0004', '9910']);
    expect(catalogue.resultsReleased('2604', new Date(Date.parse(release) - 1))).toBe(false);
    expect(catalogue.resultsReleased('2604', new Date(release))).toBe(true);
    expect(catalogue.resultsReleased('1001', new Date(release))).toBe(false);
  });

  it('The catalogue shows no results whose release was cancelled', async () => {
    await record(announced('2604'), resultsRelease('2604', '2026-05-20T02:00:00Z'), resultsRelease('2604'));
    expect(catalogue.resultsPeriods(new Date('2027-01-01T00:00:00Z'))).toEqual([]);
  });

  it('The catalogue learns of a release while the process runs', async () => {
    await record(announced('2604'));
    const now = new Date('2026-05-20T02:00:00Z');
    expect(catalogue.resultsPeriods(now)).toEqual([]);
    await catalogue.caughtUp(events.tell([resultsRelease('2604', '2026-05-20T02:00:00Z')]));
    expect(catalogue.resultsPeriods(now)).toEqual(['2604']);
  });
});

describe('The catalogue', () => {
  const fee = (fromPeriod: string, fen: number): CatalogueEvent => ({ type: 'FeeSet', data: { kind: 'written', fromPeriod, fen } });
  const content = (effectiveFrom: string, body: string): CatalogueEvent => ({ type: 'ContentPublished', data: { key: 'rules', effectiveFrom, body } });

  it('The catalogue gives the fee set for a period or for the latest period before it', async () => {
    await record(fee('2204', 2_500), fee('2510', 3_000), fee('2410', 2_800));
    expect(catalogue.fee('written', '2110')).toBeUndefined();
    expect(catalogue.fee('written', '2204')).toBe(2_500);
    expect(catalogue.fee('written', '2504')).toBe(2_800);
    expect(catalogue.fee('written', '2610')).toBe(3_000);
    expect(catalogue.fee('degree', '2610')).toBeUndefined();
  });

  it('The catalogue compares the periods of fees by year across the turn of the century', async () => {
    await record(fee('9810', 1_500), fee('1204', 3_000));
    expect(['8904', '9810', '9904', '0004', '1110', '1204', '2610'].map((period) => catalogue.fee('written', period))).toEqual([
      undefined,
      1_500,
      1_500,
      1_500,
      1_500,
      3_000,
      3_000,
    ]);
  });

  it('The catalogue gives a content from the instant on at which its version takes effect', async () => {
    await record(content('2026-01-01T00:00:00Z', 'old'), content('2026-06-01T00:00:00.000Z', 'new'));
    expect(catalogue.content('rules', new Date('2025-12-31T23:59:59Z'))).toBeUndefined();
    expect(catalogue.content('rules', new Date('2026-05-31T23:59:59Z'))).toBe('old');
    expect(catalogue.content('rules', new Date('2026-06-01T00:00:00Z'))).toBe('new');
    expect(catalogue.content('help', new Date('2026-06-01T00:00:00Z'))).toBeUndefined();
  });

  it('The catalogue never gives a version of a content that another was published after, before it took effect', async () => {
    await record(content('2027-01-01T00:00:00Z', 'recalled'), content('2026-06-01T00:00:00Z', 'instead'));
    expect(catalogue.content('rules', new Date('2028-01-01T00:00:00Z'))).toBe('instead');
  });
});

describe('The catalogue', () => {
  const notice = (id: string, publishedAt: string): NoticeEvent => ({ type: 'NoticePublished', data: { notice: id, title: id, publishedAt, body: '正文' } });

  it('The catalogue gives the notices published by now, the newest first', async () => {
    await record(notice('a', '2026-01-01T00:00:00Z'), notice('c', '2026-03-01T00:00:00Z'), notice('b', '2026-02-01T00:00:00Z'));
    expect(catalogue.notices(new Date('2026-02-01T00:00:00Z')).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(catalogue.notice('b', new Date('2026-02-01T00:00:00Z'))).toEqual({ id: 'b', title: 'b', publishedAt: '2026-02-01T00:00:00Z', body: '正文' });
    expect(catalogue.notice('c', new Date('2026-02-01T00:00:00Z'))).toBeUndefined();
  });

  it('The catalogue gives no notice that was withdrawn', async () => {
    await record(notice('a', '2026-01-01T00:00:00Z'));
    expect(catalogue.notices(new Date('2026-02-01T00:00:00Z'))).toHaveLength(1);
    await catalogue.caughtUp(events.tell([{ type: 'NoticeWithdrawn', data: { notice: 'a' } }]));
    expect(catalogue.notices(new Date('2026-02-01T00:00:00Z'))).toEqual([]);
    expect(catalogue.notice('a', new Date('2026-02-01T00:00:00Z'))).toBeUndefined();
  });
});

it('The catalogue gives the running declaration period, or between two periods the earlier one', async () => {
  const period = (code: string, opens?: string): CatalogueEvent => ({ type: 'DeclarationPeriodAnnounced', data: { kind: 'degree', code, name: code, opens } });
  await record(period('2026a', '2026-03-01T00:00:00Z'), period('2026b', '2026-09-01T00:00:00Z'), period('2027a'));
  expect(catalogue.currentDeclarationPeriod('degree', new Date('2026-02-01T00:00:00Z'))).toBeUndefined();
  expect(catalogue.currentDeclarationPeriod('degree', new Date('2026-08-31T00:00:00Z'))?.code).toBe('2026a');
  expect(catalogue.currentDeclarationPeriod('degree', new Date('2026-09-01T00:00:00Z'))?.code).toBe('2026b');
  expect(catalogue.currentDeclarationPeriod('thesis', new Date('2026-09-01T00:00:00Z'))).toBeUndefined();
  expect(catalogue.declarationPeriod('degree', '2027a')?.name).toBe('2027a');
});

it('The catalogue tells whether what a row of an input file refers to exists', async () => {
  await record(
    announced('2610'),
    unit('2610', 'A', '2026-10-24', '09:00'),
    { type: 'CourseDescribed', data: { course: '06090', name: '人员素质测评理论与方法' } },
    { type: 'MajorDescribed', data: { major: '01B0123', name: '法学', level: '本科', university: '某大学', state: 'open' } },
    { type: 'DistrictDescribed', data: { district: '东城', office: '', place: '', address: '', phone: '' } },
    { type: 'DeclarationPeriodAnnounced', data: { kind: 'thesis', code: '2026a', name: '' } },
  );
  const known = [
    catalogue.has('period', '2610'),
    catalogue.has('unit', '2610/A'),
    catalogue.has('course', '06090'),
    catalogue.has('major', '01B0123'),
    catalogue.has('district', '东城'),
    catalogue.has('declaration_period', 'thesis/2026a'),
  ];
  expect(known).toEqual(Array(6).fill(true));
  const unknown = [
    catalogue.has('period', '2604'),
    catalogue.has('unit', '2610/B'),
    catalogue.has('unit', 'A'),
    catalogue.has('course', '2610'),
    catalogue.has('major', '01b0123'),
    catalogue.has('district', '西城'),
    catalogue.has('declaration_period', 'degree/2026a'),
  ];
  expect(unknown).toEqual(Array(7).fill(false));
});
