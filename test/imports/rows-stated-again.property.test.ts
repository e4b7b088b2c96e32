import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownEvents } from '../../src/composition/known/events.js';
import { knownImportFiles } from '../../src/composition/known/import-files.js';
import { type Cause, causedBy } from '../../src/event-store/cause.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { OverlayEventStore, type ReadableLog } from '../../src/event-store/overlay/event-store.js';
import { readOnce } from '../../src/event-store/overlay/read-once.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { fileKind } from '../../src/imports/files/import-file.js';
import { previewCommands } from '../../src/imports/preview/preview-commands.js';
import { executeRows } from '../../src/imports/recording/execute-rows.js';
import { SafesOverlay } from '../../src/vault/overlay.js';
import { openSqliteLog } from '../event-store/sqlite/sqlite-log.js';

const cause: Cause = { by: 'import', origin: 'import', correlation: randomUUID() };
const nobody = { find: async (numbers: readonly string[]) => numbers.map(() => undefined), safes: async () => [] };
const AT = '2026-11-22T08:00:00.000Z';

const one = fc.constantFrom;
const sitting = { admission_no: one('910000000000', '910000000007'), period: one('2604', '2610'), course: one('09000', '09008') };
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const day = one('2026-05-01', '2026-06-01');
const instant = one('2026-05-01T01:00:00.000Z', '2026-06-01T01:00:00.000Z');

/** By kind of file, rows of a few values each, so that they meet each other. */
const rowsOf: Readonly<Record<string, fc.Arbitrary<object>>> = {
  periods: fc.record({ period: sitting.period, name: one('甲', '乙'), enrolment_opens: maybe(instant), exam_starts: maybe(day) }),
  units: fc.record({ period: sitting.period, unit: one('A', 'B'), date: day, starts: one('09:00', '14:30') }),
  timetable: fc.record({
    period: sitting.period,
    course: sitting.course,
    unit: maybe(one('A', 'B')),
    form: one('written', 'practical'),
    minutes: maybe(one(120, 150)),
  }),
  courses: fc.record({ code: sitting.course, name: one('甲', '乙'), credits: maybe(one(4, 5)) }),
  majors: fc.record({
    code: one('01', '02'),
    name: one('甲', '乙'),
    level: fc.constant('专科'),
    university: fc.constant('大学'),
    state: one('open', 'closing', 'closed'),
    last_exam: maybe(day),
  }),
  major_courses: fc.record({ major: one('01', '02'), course: sitting.course, required: fc.boolean() }),
  districts: fc.record({ name: one('甲', '乙'), office: one('一', '二'), place: fc.constant('处'), address: fc.constant('路'), phone: fc.constant('1') }),
  fees: fc.record({ kind: one('written', 'practical'), from_period: sitting.period, amount_fen: one(3_000, 4_000) }),
  declaration_periods: fc.record({
    kind: one('thesis', 'degree'),
    code: one('2604', '2610'),
    name: one('甲', '乙'),
    opens: maybe(instant),
    closes: maybe(instant),
  }),
  candidates: fc.record({
    admission_no: sitting.admission_no,
    name: one('赵一', '钱二'),
    id_type: fc.constant('军官证'),
    id_no: one('1', '2'),
    sex: fc.constant('男'),
    birth: fc.constant('1990-01-01'),
    district: one('甲', '乙'),
    registered_period: fc.constant('1604'),
    account_state: one('normal', 'frozen', 'closed'),
    confirmed: fc.boolean(),
  }),
  candidate_majors: fc.record({
    admission_no: sitting.admission_no,
    major: one('01', '02'),
    state: one('studying', 'graduated', 'left'),
    added_period: one('1604', '1610'),
  }),
  enrolments: fc.record({ ...sitting, state: one('enrolled', 'withdrawn') }),
  payments: fc.record({
    bill_no: one('30000000000000', '30000000000001'),
    admission_no: sitting.admission_no,
    period: sitting.period,
    kind: fc.constant('enrolment'),
    state: one('due', 'paid', 'expired', 'cancelled', 'refunded'),
    amount_fen: fc.constant(3_000),
    created_at: instant,
    due_by: maybe(instant),
    paid_at: maybe(instant),
    items: sitting.course.map((code) => [{ code, fen: 3_000 }]),
  }),
  receipts: fc.record({
    bill_no: one('30000000000000', '30000000000001'),
    receipt_code: one('11000000', '11000001'),
    receipt_no: fc.constant('0000000001'),
    check_code: fc.constant('abcdef'),
    issued_at: instant,
  }),
  arrangements: fc.record({
    ...sitting,
    site: fc.constant('中学'),
    address: fc.constant('路'),
    room: one('001', '002'),
    seat: fc.constant('01'),
    state: one('arranged', 'cancelled'),
  }),
  scores: fc.record({ ...sitting, result: one({ score: 59 }, { score: 60 }, { remark: '缺考' }) }).map(({ result, ...row }) => ({ ...row, ...result })),
  declarations: fc.record({
    id: one('d1', 'd2'),
    admission_no: sitting.admission_no,
    kind: one('thesis', 'degree'),
    period: fc.constant('2604'),
    major: one('01', '02'),
    university: fc.constant('大学'),
    state: one('submitted', 'payment_due', 'paid', 'approved', 'rejected', 'withdrawn'),
    applied_on: maybe(day),
    decided_on: maybe(day),
    remark: maybe(one('甲', '乙')),
  }),
  status_applications: fc.record({
    id: one('s1', 's2'),
    admission_no: sitting.admission_no,
    kind: one('continuation', 'exemption'),
    state: one('draft', 'submitted', 'approved', 'rejected', 'withdrawn'),
    applied_on: maybe(day),
    remark: maybe(one('甲', '乙')),
    detail: maybe(one('甲', '乙')),
  }),
  notices: fc.record({ id: one('n1', 'n2'), title: one('甲', '乙'), published_at: instant, state: one('published', 'withdrawn'), body: one('一', '二') }),
  contents: fc.record({ key: one('rules', 'help'), effective_from: instant, body: one('一', '二') }),
};

interface AnyRow {
  readonly kind: string;
  readonly row: object;
}

const anyRow: fc.Arbitrary<AnyRow> = one(...knownImportFiles.map(({ name }) => name)).chain((kind) =>
  (rowsOf[kind] as fc.Arbitrary<object>).map((row) => ({ kind, row })),
);
const keyOf = ({ kind, row }: AnyRow) => `${kind} ${fileKind(knownImportFiles, kind).key(row)}`;
const someRows = fc.uniqueArray(anyRow, { selector: keyOf, minLength: 1, maxLength: 12, size: 'max' });

/** Another command than an import's: it says what a row says, or takes it back. */
const other = fc.record({ stated: anyRow, isTakenBack: fc.boolean() });

/** Imports rows in the order of their files, and answers what came of each. */
async function imported(rows: readonly AnyRow[], events: EventStore, safes: SafesOverlay, revert: boolean) {
  const places = new Map(knownImportFiles.map(({ name }, at) => [name, at]));
  const inOrder = rows.toSorted((left, right) => (places.get(left.kind) ?? 0) - (places.get(right.kind) ?? 0));
  const toRecord = { kinds: inOrder.map(({ kind }) => kind), lines: [...inOrder.keys()], texts: inOrder.map(({ row }) => JSON.stringify(row)) };
  const outcomes = [];
  for await (const { row: _, ...outcome } of executeRows(
    knownImportFiles,
    { folder: '', cause, rows: toRecord, revert },
    previewCommands(events, safes),
    safes,
  ))
    outcomes.push(outcome);
  return outcomes.sort((left, right) => left.line - right.line);
}

async function recordOther(
  { stated: { kind, row }, isTakenBack }: { readonly stated: AnyRow; readonly isTakenBack: boolean },
  events: EventStore,
  safes: SafesOverlay,
) {
  const file = fileKind(knownImportFiles, kind);
  const number = (row as { readonly admission_no?: string }).admission_no;
  const [candidateId] = number === undefined ? [] : await safes.find([number]);
  const make = (isTakenBack && file.takeBack) || file.command;
  const command = make(row, { id: randomUUID(), at: AT }, candidateId === undefined ? {} : { candidateId });
  await causedBy({ ...cause, by: 'office:wang', origin: 'office' }, () => previewCommands(events, safes).execute(command)).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
  });
}

it('Rows that the commands of their streams show to be recorded are those of which the deciders record nothing', async () => {
  const read = { knowing: 0, deciding: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ arbitrary: someRows, weight: 3 }, other), { minLength: 1, maxLength: 6 }),
      fc.nat(5),
      someRows,
      fc.nat(2),
      fc.boolean(),
      async (past, which, others, fresh, revert) => {
        const log = await openSqliteLog();
        const events = await log.second(knownEvents);
        const safes = new SafesOverlay(nobody, 'secret');
        for (const each of past) {
          if ('stated' in each) await recordOther(each, events, safes);
          else await imported(each, events, safes, true);
        }
        const batches = past.filter((each): each is AnyRow[] => Array.isArray(each));
        const again = batches[which % Math.max(1, batches.length)] ?? [];
        const keys = new Set(again.map(keyOf));
        const rows = [...again, ...others.filter((row) => !keys.has(keyOf(row))).slice(0, fresh)];
        const upTo = await events.head();
        const outcomeOf = async (mode: keyof typeof read, commandsOf: ReadableLog['commandsOf']) => {
          const once = readOnce(events, upTo);
          const streams: ReadableLog['streams'] = (names) => {
            read[mode] += names.length;
            return once.streams(names);
          };
          const overlay = new OverlayEventStore({ ...once, streams, commandsOf }, upTo, knownEvents);
          const outcomes = await imported(rows, overlay, new SafesOverlay(nobody, 'secret'), revert);
          return { outcomes, recorded: overlay.kept.map(({ stream, type }) => `${stream} ${type}`).sort() };
        };
        const decided = await outcomeOf('deciding', async (names) => names.map(() => undefined));
        expect(await outcomeOf('knowing', (names) => events.commandsOf(names))).toEqual(decided);
        await log.close();
      },
    ),
    { numRuns: 150 },
  );
  expect(read.knowing).toBeLessThan(read.deciding / 2);
});
