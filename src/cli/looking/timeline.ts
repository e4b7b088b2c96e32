import { courses } from '../../../projections/courses.js';
import { majors } from '../../../projections/majors.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { findBatch } from '../../imports/batches.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { type TimelineEntry, timelineOf } from '../../timeline/timeline.js';
import type { Words } from '../../timeline/words.js';
import type { Safe } from '../../vault/vault.js';
import { periodCode } from '../../web/views/formats.js';
import { importer } from '../data/batches.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { reading } from '../read-models/reading.js';
import { candidateGiven } from './keys.js';
import { type Revealing, revealed, viewerOf } from './reveal.js';

interface TimelineGiven extends Revealing {
  readonly candidate: string;
}

/** The import that recorded something. */
interface BatchOf {
  readonly batch: string;
  readonly account: string;
  readonly reason: string | null;
}

/** `timeline ADMISSION_NO`: what happened to a candidate, in plain words. What is personal is left out, or shown once it is recorded who looks. */
export function runTimeline({ candidate, ...revealing }: TimelineGiven, { settings, out }: Context): Promise<CommandResult> {
  const viewer = viewerOf(revealing);
  return reading(settings, async ({ events, readModels }) => {
    const id = await candidateGiven(candidate, settings);
    const history = await events.subject(id);
    if (history.length === 0) throw new CommandRefused('candidate.unknown', '没有这个考生');
    const names = await namesOf(readModels);
    const told = (open: Words['open']) => timelineOf(history, { ...names, open, idNo: (number) => number });
    const entries = viewer ? await revealed(settings, viewer, [id], 'timeline', async (vault) => told(opening(await vault.safe(id)))) : told(() => undefined);
    const batches = await batchesOf(history, events);
    const shown = entries.map(({ recordedAt, ...entry }) => ({ recordedAt: beijing(recordedAt), ...entry, import: batches.get(entry.correlation) ?? null }));
    for (const entry of shown) out.answer(lineOf(entry));
    return { json: { candidateId: id, timeline: shown } };
  });
}

/** Values that can be opened; of one who is forgotten none can. */
function opening(safe: Safe): Words['open'] {
  return (sealed) => safe.open(sealed);
}

/** What courses and majors are called now. */
async function namesOf(readModels: ReadModels): Promise<Pick<Words, 'course' | 'major' | 'period'>> {
  const [ofCourses, ofMajors] = await Promise.all([readModels.all(courses), readModels.all(majors)]);
  const named = (code: string, documents: ReadonlyMap<string, { readonly name: string }>) => [code, documents.get(code)?.name].filter(Boolean).join(' ');
  return { course: (code) => named(code, ofCourses.documents), major: (code) => named(code, ofMajors.documents), period: periodCode };
}

/** By correlation, the batch that recorded it. */
async function batchesOf(history: readonly Recorded[], events: EventStore): Promise<ReadonlyMap<string, BatchOf>> {
  const imported = history.filter(({ metadata }) => metadata.origin === 'import');
  const found = new Map<string, BatchOf>();
  for (const correlation of new Set(imported.map(({ metadata }) => metadata.correlation))) {
    const begun = (await findBatch(events, correlation))?.begun.data;
    if (begun) found.set(correlation, { batch: begun.batch, account: begun.account, reason: begun.reason ?? null });
  }
  return found;
}

function lineOf({
  recordedAt,
  sentence,
  who,
  why,
  import: batch,
}: Omit<TimelineEntry, 'recordedAt'> & { readonly recordedAt: string; readonly import: BatchOf | null }): string {
  const by = batch ? `导入（${importer(batch.account)}，批次 ${batch.batch}）` : who;
  const reason = why ?? batch?.reason ?? undefined;
  return `${recordedAt}  ${sentence}。${by}${reason === undefined ? '' : `，原因：${reason}`}`;
}
