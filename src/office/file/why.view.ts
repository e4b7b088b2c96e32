import type { Recorded } from '../../event-store/event.js';
import { changedFields } from '../../read-models/differences/changed-fields.js';
import { type Change, changesBy } from '../../read-models/rebuilding/explain.js';
import { timelineOf } from '../../timeline/timeline.js';
import type { Words } from '../../timeline/words.js';
import { valueText } from './data.view.js';
import type { PersonDocument } from './person-documents.js';
import { type Interval, within } from './seen.js';

/** 为什么: the events after which a field was another, the newest first, with what each of them set; and from when to when pages showed it. */
export function whyView({ projection, events }: PersonDocument, field: string, words: Words, released: readonly Interval[] | 'recorded' | undefined) {
  const all = [...changesBy(projection, events, field)];
  const changed = all.filter(({ before, after, fault }) => !fault && changedFields(before, after).length > 0);
  const shown = released && shownBy(changed, released);
  return {
    value: valueText(all.at(-1)?.after),
    fault: all.at(-1)?.fault,
    steps: changed.map((change) => stepView(change, words)).toReversed(),
    others: all.length - changed.length,
    shown: shown?.map(({ value, intervals }) => ({ value: valueText(value), intervals, never: intervals.length === 0 })),
    place: changed.length,
  };
}

function stepView({ event, before, after }: Change, words: Words) {
  const [told] = timelineOf([event], words);
  return {
    before: valueText(before),
    after: valueText(after),
    sentence: told?.sentence ?? '',
    who: told?.who ?? '',
    why: told?.why,
    ticket: event.metadata.ticket,
    at: event.recordedAt,
    type: event.type,
    place: `${event.stream}@${event.revision}`,
    position: event.position,
    label: labelOf(event),
  };
}

/** A position as people write it: without the zeros before it. */
function labelOf({ position }: Recorded): string {
  return `@${position.replace(/^0+(?=\d)/, '')}`;
}

/** Each value that the field had, and when pages showed it. */
function shownBy(changed: readonly Change[], released: readonly Interval[] | 'recorded') {
  return changed.map(({ event: { recordedAt: from }, after: value }, at) => {
    const to = changed[at + 1]?.event.recordedAt;
    const held: Interval = { from, ...(to !== undefined && { to }) };
    return { value, intervals: (released === 'recorded' ? [held] : within(held, released)).map((each) => ({ from: each.from, to: each.to })) };
  });
}
