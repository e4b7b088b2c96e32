import type { Origin, Recorded } from '../event-store/event.js';
import type { AnyEvent } from './any-event.js';
import { correctionSentences } from './correction.sentences.js';
import { examSentences } from './exam.sentences.js';
import { moneySentences } from './money.sentences.js';
import { officeSentences } from './office.sentences.js';
import { personSentences } from './person.sentences.js';
import type { Sentences, Words } from './words.js';

/** A sentence for every event type: one without does not compile. */
const sentences: Sentences<AnyEvent> = { ...personSentences, ...examSentences, ...moneySentences, ...officeSentences, ...correctionSentences };

/** One thing that happened, in plain words. */
export interface TimelineEntry extends Pick<Recorded, 'type' | 'stream' | 'revision' | 'position' | 'recordedAt'> {
  readonly sentence: string;
  /** Who did it, as people say it. */
  readonly who: string;
  readonly by: string;
  readonly origin: Origin;
  readonly why?: string;
  /** Shared by what was recorded by one request or one import. */
  readonly correlation: string;
}

/** What happened to a candidate, in the log's order. */
export function timelineOf(events: readonly Recorded[], words: Words): readonly TimelineEntry[] {
  return events.map((event) => {
    const { type, stream, revision, position, recordedAt, metadata } = event;
    const { by, origin, why, correlation } = metadata;
    return {
      type,
      stream,
      revision,
      position,
      recordedAt,
      sentence: sentenceOf(event, words),
      who: whoOf(event),
      by,
      origin,
      ...(why !== undefined && { why }),
      correlation,
    };
  });
}

/** What an event says. */
export function sentenceOf(event: Recorded, words: Words): string {
  if (!isKnown(event)) return `${event.type}：由更新的程序版本记录，这个版本读不懂`;
  const say: (data: never, words: Words) => string = sentences[event.type];
  return say(event.data as never, words);
}

function isKnown(event: Recorded): event is Recorded<AnyEvent> {
  return !event.unknown && Object.hasOwn(sentences, event.type);
}

function whoOf({ subject, metadata: { by, onBehalfOf, origin } }: Recorded): string {
  const office = /^office:(.+)$/.exec(by)?.[1];
  if (by === subject) return '考生本人';
  if (office !== undefined) return `办理人 ${office}${onBehalfOf === undefined ? '' : `，代 ${onBehalfOf}`}`;
  if (origin === 'import') return '导入';
  return origin === 'reaction' ? `自动（${by}）` : by;
}
