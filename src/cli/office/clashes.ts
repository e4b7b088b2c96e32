import { courses } from '../../../projections/courses.js';
import { periods } from '../../../projections/periods.js';
import { sittings } from '../../../projections/sittings.js';
import type { ReadModels } from '../../read-models/read-models.js';
import type { CommandResult, Context } from '../program/command.js';
import { reading } from '../read-models/reading.js';
import { asOf, type CandidateSitting, type PeriodCourses, periodCourses, sayAsOf, sittingsOf } from './sittings-of-period.js';

interface ClashesGiven {
  readonly period: string;
  /** All of them as CSV, in place of examples. */
  readonly all: boolean;
}

const KINDS = {
  'seat-twice': '同一单元的同一座位安排了两次',
  'paid-without-seat': '已缴费而没有座位',
  'unit-twice': '一个考生在同一单元有两门课程',
} as const;

type Kind = keyof typeof KINDS;

/** What cannot stand together. */
interface Clash {
  readonly kind: Kind;
  readonly candidateId: string;
  readonly course: string;
  /** What it clashes with: who has the seat too, or the other course. */
  readonly other?: { readonly candidateId: string; readonly course: string };
  /** `site room seat`, of a seat. */
  readonly seat?: string;
}

/** Clashes of a kind that are shown. */
const EXAMPLES = 20;

/** `clashes PERIOD`: what of seats, payments and units contradicts itself; ends with 1 when anything does. */
export function runClashes({ period, all }: ClashesGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const read = [sittings, courses, periods];
  return reading(settings, async (stores) => {
    const found = await periodCourses(stores, period, undefined);
    const [{ clashes, arranged }, seen] = await asOf(stores, read, () => clashesIn(stores.readModels, found, signal));
    const kinds = Object.keys(KINDS) as Kind[];
    const counts = Object.fromEntries(kinds.map((kind) => [kind, clashes.filter((clash) => clash.kind === kind).length]));
    if (all) {
      out.answer(`kind,candidate,course,other_candidate,other_course,seat`);
      for (const { kind, candidateId, course, other, seat = '' } of clashes)
        out.answer([kind, candidateId, course, other?.candidateId ?? '', other?.course ?? '', quoted(seat)].join());
    } else {
      if (!arranged) out.answer('这个考期还没有安排座位');
      for (const kind of kinds) {
        out.answer(`${KINDS[kind]}：${counts[kind]} 个`);
        for (const clash of clashes.filter((each) => each.kind === kind).slice(0, EXAMPLES)) out.wrong(`  ${inWords(clash)}`);
      }
      if (Object.values(counts).some((count) => count > EXAMPLES)) out.answer(`每种最多列出 ${EXAMPLES} 个；用 --all 列出全部`);
      sayAsOf(out, seen);
    }
    const listed = all ? clashes : kinds.flatMap((kind) => clashes.filter((clash) => clash.kind === kind).slice(0, EXAMPLES));
    return { json: { period, arranged, counts, clashes: listed, asOf: seen }, differs: clashes.length > 0 };
  });
}

/** Unit by unit: a seat is taken by one candidate in each. Before any seat is arranged, nobody lacks one. */
async function clashesIn(readModels: ReadModels, { code, period, courses: all }: PeriodCourses, signal: AbortSignal) {
  const unitOf = (course: string) => period.papers[course]?.unit;
  const clashes: Clash[] = [];
  let arranged = false;
  // a course without a unit can be compared with no other
  for (const inUnit of Map.groupBy(all.keys(), (course) => unitOf(course) ?? course).values()) {
    const taken = new Map<string, Pick<CandidateSitting, 'candidateId' | 'course'>>();
    for (const course of inUnit) {
      signal.throwIfAborted();
      for await (const page of sittingsOf(readModels, code, course)) {
        for (const each of page) clashes.push(...clashesOf(each, taken, unitOf));
      }
    }
    arranged ||= taken.size > 0;
  }
  return { arranged, clashes: arranged ? clashes : clashes.filter(({ kind }) => kind !== 'paid-without-seat') };
}

/** @param taken by seat, who has it in the unit; this one is added */
function clashesOf(
  { candidateId, course, sitting, all }: CandidateSitting,
  taken: Map<string, Pick<CandidateSitting, 'candidateId' | 'course'>>,
  unitOf: (course: string) => string | undefined,
): readonly Clash[] {
  const found: Clash[] = [];
  const { seat, paid, enrolled } = sitting;
  if (paid && !seat) found.push({ kind: 'paid-without-seat', candidateId, course });
  if (seat) {
    const place = `${seat.site} ${seat.room} ${seat.seat}`;
    const other = taken.get(`${place} ${seat.address}`);
    if (other) found.push({ kind: 'seat-twice', candidateId, course, other, seat: place });
    else taken.set(`${place} ${seat.address}`, { candidateId, course });
  }
  const unit = unitOf(course);
  if (!enrolled || unit === undefined) return found;
  const others = Object.entries(all).filter(([code, each]) => code > course && each.enrolled && unitOf(code) === unit);
  return [...found, ...others.map(([code]): Clash => ({ kind: 'unit-twice', candidateId, course, other: { candidateId, course: code } }))];
}

function inWords({ kind, candidateId, course, other, seat }: Clash): string {
  if (kind === 'unit-twice') return `考生 ${candidateId}：${course} 和 ${other?.course}`;
  if (kind === 'seat-twice') return `${seat}：考生 ${candidateId}（${course}）和考生 ${other?.candidateId}（${other?.course}）`;
  return `考生 ${candidateId}：${course}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
