import { type Append, RevisionConflict } from '../src/event-store/append.js';
import { deterministicId } from '../src/event-store/deterministic-id.js';
import type { Event } from '../src/event-store/event.js';
import type { EventStore } from '../src/event-store/event-store.js';

/** Events about each candidate; `sittings` folds all except the issued bill. */
const STEPS = 10;
const AT_ONCE = 2_000;
const PERIOD = '2610';

/**
 * Records events of candidates in random order (the same at each call), as at enrolment or when scores come in. The events of one
 * candidate keep their order.
 * @returns the number of events
 */
export async function recordShuffled(events: EventStore, candidates: number): Promise<number> {
  const revisions = new Map<string, number>();
  let pending: Append[] = [];
  let taken = new Set<string>();
  const write = async () => {
    for (const answer of await events.append(pending)) if (answer instanceof RevisionConflict) throw answer;
    pending = [];
    taken = new Set();
  };
  for (const at of turns(candidates)) {
    const step = revisions.get(idOf(at)) ?? 0;
    const [name, event] = stepOf(idOf(at), String(20_260_000_000_000 + at), step);
    revisions.set(idOf(at), step + 1);
    if (taken.has(name) || pending.length === AT_ONCE) await write();
    taken.add(name);
    const revision = revisions.get(name) ?? -1;
    revisions.set(name, revision + 1);
    const id = deterministicId(`${name} ${revision + 1}`);
    const metadata = { command: deterministicId(`${id} asked for`), correlation: deterministicId('all of it'), by: 'import', origin: 'import' as const };
    pending.push({ stream: { name, subject: idOf(at) }, expected: revision < 0 ? 'no_stream' : revision, events: [{ ...event, id, metadata }] });
  }
  await write();
  return candidates * STEPS;
}

function idOf(candidate: number): string {
  return deterministicId(`candidate ${candidate}`);
}

/** Each candidate STEPS times, in random order. */
function turns(candidates: number): Uint32Array {
  const order = Uint32Array.from({ length: candidates * STEPS }, (_, at) => at % candidates);
  let seed = 20_261_122;
  for (let at = order.length - 1; at > 0; at--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((seed / 2 ** 32) * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}

function stepOf(candidateId: string, bill: string, step: number): readonly [stream: string, event: Event] {
  const courses = ['09001', '09002', '09003'];
  const course = courses[step % 3];
  const of = { candidateId, period: PERIOD, course };
  const ofBill = { candidateId, bill, kind: 'enrolment', period: PERIOD };
  const enrolment = `enrolment-${candidateId}-${PERIOD}`;
  if (step < 3) return [enrolment, { type: 'CourseEnrolled', data: of }];
  if (step === 3)
    return [
      `bill-${bill}`,
      { type: 'BillIssued', data: { ...ofBill, lines: courses.map((code) => ({ code, fen: 3_000 })), fen: 9_000, createdAt: '2026-09-01T01:00:00.000Z' } },
    ];
  if (step === 4) return [`bill-${bill}`, { type: 'BillPaid', data: { ...ofBill, codes: courses } }];
  if (step < 7) return [enrolment, { type: 'SeatArranged', data: { ...of, site: '试验中学（东校区）', address: '试验路2号', room: '012', seat: '07' } }];
  return [`results-${candidateId}-${PERIOD}`, { type: 'ScoreRecorded', data: { ...of, result: { score: 60 + step } } }];
}
