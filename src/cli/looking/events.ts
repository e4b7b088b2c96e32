import { knownEvents } from '../../composition/known/events.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore, Filter } from '../../event-store/event-store.js';
import { positionAfter, positionBefore } from '../../event-store/reading/log-times.js';
import { newestEvents } from '../../event-store/reading/newest-events.js';
import { nearestSentence } from '../../kernel/nearest.js';
import { shownJson } from '../../read-models/differences/shown-json.js';
import type { Settings } from '../../settings/settings.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { Interrupted } from '../program/interrupt.js';

import { unreadSignal } from '../program/output.js';
import { reading } from '../read-models/reading.js';
import { openedJson, type Revealing, revealed, type Viewer, viewerOf } from './reveal.js';

interface EventsGiven extends Revealing {
  /** One stream; all of them where it is unset. */
  readonly stream: string | undefined;
  readonly type: readonly string[];
  readonly since: GivenTime | undefined;
  readonly until: GivenTime | undefined;
  /** Who recorded it: an account, a candidate's id, a reactor. */
  readonly recordedBy: string | undefined;
  readonly correlation: string | undefined;
  readonly follow: boolean;
  readonly limit: number | undefined;
}

/** Events that are shown where nobody says how many: of a stream all of them. */
const ACROSS_STREAMS = 100;
const BEFORE_FOLLOWING = 10;

/** `events [STREAM]`: what was recorded, the newest events last; sealed values are only named as such, or opened once it is recorded who looks. */
export function runEvents(given: EventsGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const viewer = viewerOf(given);
  assertTogether(given);
  return reading(settings, async ({ events: log }) => {
    const head = await log.head();
    const { events, more } = await eventsOf(given, log, head, signal);
    if (given.stream !== undefined && events.length === 0 && !(await isThere(log, given.stream))) {
      throw new CommandRefused('unknown_stream', `没有事件流 ${given.stream}`);
    }
    const data = viewer ? await openedData(events, viewer, settings) : events.map((event) => shownJson(event.data));
    const shown = events.map((event, at) => shownEvent(event, data[at]));
    if (given.follow) {
      const say = (event: ShownEvent) => {
        for (const line of linesOf(event, given.stream !== undefined)) out.answer(line);
        out.item(event);
      };
      for (const event of shown) say(event);
      await follow(log, head, given, signal, (event) => say(shownEvent(event, shownJson(event.data))));
    }
    for (const event of shown) for (const line of linesOf(event, given.stream !== undefined)) out.answer(line);
    if (events.length === 0) out.answer('没有这样的事件');
    if (more) out.note(`只列出最后 ${events.length} 条，更早的用 --limit 或 --until`);
    return { json: { ...(given.stream !== undefined && { stream: given.stream }), events: shown, more } };
  });
}

/** @throws WrongUse */
function assertTogether({ follow, until, reveal, type }: EventsGiven): void {
  if (follow && until !== undefined) throw new WrongUse('conflicting_options', '--follow 不能与 --until 同用');
  if (follow && reveal) throw new WrongUse('conflicting_options', '--follow 不能与 --reveal 同用：要先知道看的是谁');
  const unknown = type.find((each) => !Object.hasOwn(knownEvents, each));
  if (unknown !== undefined)
    throw new WrongUse('unknown_event_type', `没有事件类型 ${unknown}；${nearestSentence(unknown, Object.keys(knownEvents).toSorted())}`);
}

async function isThere(log: EventStore, stream: string): Promise<boolean> {
  const [history = []] = await log.streams([stream]);
  return history.length > 0;
}

async function eventsOf(given: EventsGiven, log: EventStore, head: string, signal: AbortSignal) {
  const { stream, since, until, follow } = given;
  const limit = given.limit ?? (follow ? BEFORE_FOLLOWING : stream === undefined ? ACROSS_STREAMS : Number.MAX_SAFE_INTEGER);
  if (stream !== undefined) {
    const [history = []] = await log.streams([stream]);
    const found = history.filter((event) => event.position <= head && matches(event, given));
    return { events: found.slice(-limit), more: found.length > limit };
  }
  const after = since ? await positionBefore(log, since.instant) : '';
  const end = until ? await positionAfter(log, until.instant) : head;
  const upTo = end < head ? end : head;
  return newestEvents(log, { after, upTo, filter: filterOf(given), matches: (event) => matches(event, given), signal }, limit);
}

function filterOf({ type, stream }: EventsGiven): Filter | undefined {
  if (type.length > 0) return { types: type };
  return stream === undefined ? undefined : { prefix: stream };
}

function matches(event: Recorded, { stream, type, since, until, recordedBy: who, correlation }: EventsGiven): boolean {
  const { by, onBehalfOf } = event.metadata;
  return (
    (stream === undefined || event.stream === stream) &&
    (type.length === 0 || type.includes(event.type)) &&
    (since === undefined || event.recordedAt >= since.instant) &&
    (until === undefined || event.recordedAt <= until.instant) &&
    (who === undefined || [by, onBehalfOf, by.replace(/^office:/, '')].includes(who)) &&
    (correlation === undefined || event.metadata.correlation === correlation)
  );
}

/** Shows what is recorded from now on, until it is interrupted or nobody reads it any more. @throws Interrupted */
async function follow(log: EventStore, after: string, given: EventsGiven, signal: AbortSignal, show: (event: Recorded) => void): Promise<never> {
  const unread = unreadSignal();
  const handle = async ({ events }: { readonly events: readonly Recorded[] }) => {
    for (const event of events) if (matches(event, given)) show(event);
  };
  const awake = setInterval(() => undefined, 60_000); // a store that waits for events does not keep the process
  try {
    await log.subscribe(after, filterOf(given), handle, AbortSignal.any([signal, unread]));
  } finally {
    clearInterval(awake);
  }
  throw new Interrupted();
}

/** The data of events with the values of their candidates opened. */
async function openedData(events: readonly Recorded[], viewer: Viewer, settings: Settings): Promise<readonly unknown[]> {
  const subjects = [...new Set(events.flatMap(({ subject }) => subject ?? []))];
  if (subjects.length === 0) return events.map(({ data }) => shownJson(data));
  return revealed(settings, viewer, subjects, 'events', (vault) =>
    Promise.all(events.map(async ({ data, subject }) => (subject === undefined ? shownJson(data) : openedJson(data, await vault.safe(subject))))),
  );
}

function shownEvent(event: Recorded, data: unknown) {
  return { ...event, recordedAt: beijing(event.recordedAt), data };
}

type ShownEvent = ReturnType<typeof shownEvent>;

function linesOf({ stream, revision, type, position, recordedAt, metadata, data, unknown }: ShownEvent, isOfOneStream: boolean): readonly string[] {
  const why = metadata.why ? `  原因：${metadata.why}` : '';
  const what = `${type}${unknown ? '（更新的版本写入）' : ''}`;
  const head = isOfOneStream ? `${revision}  ${recordedAt}  ${what}` : `${recordedAt}  ${what}  ${stream} 第 ${revision} 条`;
  return [`${head}  位置 ${position}  ${metadata.by}${why}`, `    ${JSON.stringify(data)}`];
}
