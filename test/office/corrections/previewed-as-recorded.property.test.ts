import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownProjections } from '../../../src/composition/known/projections.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import type { Columns } from '../../../src/office/corrections/correction.js';
import type { CorrectionName } from '../../../src/office/corrections/corrections.events.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { looksSealed } from '../../../src/vault/sealed-text.js';
import { type Safe, type Sealed, Vault } from '../../../src/vault/vault.js';
import { TestCentre } from '../../centre.js';
import { addOfficer } from '../office-browser.js';
import { everythingToCorrect, ONE, PERIOD } from './everything-to-correct.js';
import { ProposalDesk } from './proposal-desk.js';

const COURSES = ['00015', '00227', '00230'];

let centre: TestCentre;
let desk: ProposalDesk;
let safe: Safe;
let number: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  number = await everythingToCorrect(centre);
  await addOfficer(centre, 'zhou', ['city']);
  await addOfficer(centre, 'he', ['approver']);
  desk = new ProposalDesk(centre);
  [safe] = (await centre.get(Vault).safes([await centre.idOf(ONE)])) as [Safe];
});
afterAll(() => centre.close());

const one = fc.constantFrom;
const some = <Values extends Readonly<Record<string, fc.Arbitrary<string>>>>(values: Values) => fc.record(values, { requiredKeys: [] });
const sitting = fc.record({ period: fc.constant(PERIOD), course: one(...COURSES) });
const both = (first: fc.Arbitrary<object>, second: fc.Arbitrary<object>) => fc.tuple(first, second).map(([left, right]) => ({ ...left, ...right }) as Columns);
const only = (columns: fc.Arbitrary<object>) => columns.map((each) => each as Columns);

/** Rows of each kind that can be read; some are refused, and some change nothing. */
const rowsOf: Readonly<Record<CorrectionName, fc.Arbitrary<Columns>>> = {
  score: both(
    sitting,
    fc.oneof(
      fc.integer({ min: 0, max: 100 }).map((score) => ({ score: String(score) })),
      one({ grade: '优' }, { grade: '不及格' }),
      one({ remark: '缺考' }, { remark: '作弊' }, { remark: '待定' }, { remark: '撤回' }),
    ),
  ),
  person: only(
    some({ name: one('李四', '阿依古丽·买买提'), ethnicity: one('汉族', '回族'), household: one('北京市', '河北省'), district: one('西城区', '东城区') }),
  ),
  seat: both(
    sitting,
    fc.oneof(some({ site: one('一中', '二中'), address: one('甲路1号'), room: one('026', '027'), seat: one('07', '08') }), fc.constant({ state: 'cancelled' })),
  ),
  enrolment: both(sitting, fc.record({ state: one('enrolled', 'withdrawn') })),
  confirmation: only(fc.record({ confirmed: one('Y', 'N') })),
  account: only(fc.record({ state: one('normal', 'frozen', 'suspended') })),
  major: both(fc.constant({ major: '01B0302' }), some({ state: one('studying', 'graduated', 'left', 'withdrawn'), added_period: one('2604', '2610') })),
  payment: both(
    fc.record({ bill_no: fc.constantFrom('bill') }),
    one({ state: 'due' }, { state: 'paid', paid_at: '2026-07-20T09:00:00+08:00' }, { state: 'expired' }, { state: 'cancelled' }),
  ),
  declaration: both(
    fc.constant({ id: 'D-1' }),
    some({ state: one('submitted', 'approved', 'rejected'), decided_on: one('2026-11-01'), remark: one('新备注', '旧备注') }),
  ),
  application: both(
    fc.constant({ id: 'S-1' }),
    some({ state: one('submitted', 'approved', 'rejected'), applied_on: one('2026-11-01'), remark: one('新备注', '旧备注') }),
  ),
};
const KINDS = Object.keys(rowsOf) as CorrectionName[];
/** What rows of these kinds nearly always change. */
const ALWAYS_CHANGED: Partial<Record<CorrectionName, readonly string[]>> = { score: ['sittings'], person: ['candidate'] };

/** JSON in which sealed values are opened, and ids and times are all the same. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return '<time>';
    return looksSealed(value) ? opened(value) : value;
  }
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each)]));
}

function opened(text: string): unknown {
  try {
    return { opened: safe.open(text as Sealed<unknown>) };
  } catch {
    return text; // a digest
  }
}

it.each(KINDS)('Whatever a correction of the kind %s changes, events and documents are recorded as the preview said, but for ids and times', async (kind) => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(rowsOf[kind], { minLength: 1, maxLength: 3 }), async (rows) => {
      const listed = rows.map((columns) => [ONE, kind === 'payment' ? { ...columns, bill_no: number } : columns] as const);
      const correction = await desk.propose(kind, listed);
      const before = await centre.get(EventStore).head();
      const preview = await desk.preview(correction);
      expect(await centre.get(EventStore).head()).toBe(before);
      if (preview.changes === 0) return;
      await desk.approve(correction);
      await desk.apply(correction);
      const [candidate] = preview.examples;
      const foreseen = candidate?.rows.flatMap(({ events }) => events) ?? [];
      const told = ({ type, stream, revision, data }: (typeof foreseen)[number]) => [type, stream, revision, comparable(data)];
      const recorded = await desk.recorded(ONE, correction);
      expect(recorded.map(told)).toEqual(foreseen.map(told));
      for (const { readModel, key, after } of candidate?.documents ?? []) {
        const projection = knownProjections.find(({ name }) => name === readModel);
        if (!projection) throw new Error(`no read model ${readModel}`);
        expect([readModel, comparable(await centre.get(ReadModels).get(projection, key))]).toEqual([readModel, comparable(after ?? projection.empty)]);
        seen.add(readModel);
      }
    }),
    { numRuns: 8 },
  );
  expect([...seen]).toEqual(expect.arrayContaining([...(ALWAYS_CHANGED[kind] ?? [])]));
});
