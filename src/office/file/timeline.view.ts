import type { Origin, Recorded } from '../../event-store/event.js';
import { shownJson } from '../../read-models/differences/shown-json.js';
import { type EventKind, eventKinds, kindOf } from '../../timeline/kinds.js';
import { type TimelineEntry, timelineOf } from '../../timeline/timeline.js';
import type { Words } from '../../timeline/words.js';
import { day, weekdayOf } from '../../web/views/formats.js';

/** Groups on a page. */
const MOST = 50;
/** Events of a group that are listed at once; the others are opened. */
const LISTED = 8;

/** What is asked for. Days are Beijing's, `YYYY-MM-DD`. */
export interface TimelineFilter {
  readonly kind?: EventKind | undefined;
  readonly origin?: Origin | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The cursor of a group, after which it goes on with earlier ones. */
  readonly before?: string | undefined;
}

/** A release that let candidates see something: no event in their name says so. */
export interface Release {
  readonly at: string;
  readonly says: string;
}

export interface TimelineSource {
  readonly events: readonly Recorded[];
  readonly words: Words;
  readonly releases: readonly Release[];
  /** By correlation, the import that recorded something. */
  readonly batches: ReadonlyMap<string, { readonly account: string; readonly reason?: string | undefined }>;
  /** The position of the event that was searched for. */
  readonly searched?: string | undefined;
  /** Whether events are shown as they are recorded, sealed values left sealed. */
  readonly raw: boolean;
}

const ORIGINS: Readonly<Record<Origin, { readonly name: string; readonly icon: string }>> = {
  person: { name: '本人', icon: 'user' },
  office: { name: '办公室', icon: 'landmark' },
  import: { name: '导入', icon: 'file-up' },
  reaction: { name: '自动', icon: 'zap' },
};

export const originNames = Object.entries(ORIGINS).map(([origin, { name }]) => ({ origin, name }));

export function isOrigin(text: unknown): text is Origin {
  return typeof text === 'string' && Object.hasOwn(ORIGINS, text);
}

type Told = TimelineEntry & { readonly event: Recorded };

/** 时间线, the newest first: what was recorded together stands together, with who did it, why, and from where. */
export function timelineView(source: TimelineSource, filter: TimelineFilter) {
  const { events, words } = source;
  const counts = new Map<EventKind, number>();
  for (const { type } of events) counts.set(kindOf(type), (counts.get(kindOf(type)) ?? 0) + 1);
  const entries = timelineOf(events, words);
  const told = entries.flatMap((entry, at): Told[] => {
    const event = events[at];
    return event && isWanted(entry, filter) ? [{ ...entry, event }] : [];
  });
  const releases = filter.kind === undefined && filter.origin === undefined ? source.releases.filter(({ at }) => isWithin(at, filter)) : [];
  const groups = [...groupsOf(told).map((group) => groupView(group, source)), ...releases.map(releaseView)].toSorted((one, other) =>
    cursorOf(one) < cursorOf(other) ? 1 : -1,
  );
  const { before } = filter;
  const rest = before === undefined ? groups.slice(startOf(groups)) : groups.filter((group) => cursorOf(group) < before);
  const shown = rest.slice(0, MOST);
  const last = shown.at(-1);
  return {
    kinds: (Object.keys(eventKinds) as EventKind[])
      .flatMap((kind) => ({ kind, name: eventKinds[kind], count: counts.get(kind) ?? 0, isChosen: kind === filter.kind }))
      .filter(({ count }) => count > 0),
    all: events.length,
    days: daysOf(shown),
    shown: told.length,
    groups: groups.length,
    before: last && rest.length > MOST ? cursorOf(last) : undefined,
  };
}

function isWanted({ type, origin, recordedAt }: TimelineEntry, filter: TimelineFilter): boolean {
  const { kind, origin: asked } = filter;
  return (kind === undefined || kindOf(type) === kind) && (asked === undefined || origin === asked) && isWithin(recordedAt, filter);
}

function isWithin(instant: string, { since, until }: TimelineFilter): boolean {
  const date = dateOf(instant);
  return (since === undefined || date >= since) && (until === undefined || date <= until);
}

type Group = ReturnType<typeof groupView>;

/** Where it goes on: text that sorts as groups do. */
function cursorOf({ at, first, title }: Group): string {
  return `${at}~${first ?? title}`;
}

/** The first group of the page that holds the event that was searched for. */
function startOf(groups: readonly Group[]): number {
  return (
    Math.floor(
      Math.max(
        0,
        groups.findIndex(({ isSearched }) => isSearched),
      ) / MOST,
    ) * MOST
  );
}

/** What one request, import or reaction recorded on one day, in the log's order. */
function groupsOf(told: readonly Told[]): readonly (readonly Told[])[] {
  const groups = new Map<string, Told[]>();
  for (const each of told) {
    const key = `${each.correlation} ${dateOf(each.recordedAt)}`;
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()];
}

function groupView(group: readonly Told[], { batches, searched, raw }: TimelineSource) {
  const [first] = group as readonly [Told, ...Told[]];
  const { recordedAt, origin, who, why, correlation, event } = first;
  const batch = origin === 'import' ? batches.get(correlation) : undefined;
  const isSummed = origin === 'import' && group.length > 1;
  const lines = group.map(({ sentence, type, position, origin: of, event: recorded }) => ({
    sentence,
    type,
    position,
    label: `@${position.replace(/^0+(?=\d)/, '')}`,
    isAutomatic: of === 'reaction' && origin !== 'reaction',
    isSearched: position === searched,
    json: raw ? JSON.stringify({ ...recorded, data: shownJson(recorded.data) }, undefined, 2) : undefined,
  }));
  return {
    at: recordedAt,
    first: first.position as string | undefined,
    time: timeOf(recordedAt),
    icon: ORIGINS[origin].icon,
    title: isSummed ? `导入 ${group.length} 项：${summed(group)}` : first.sentence,
    who: batch ? `导入，${batch.account}` : who,
    why: why ?? batch?.reason,
    ticket: event.metadata.ticket,
    lines,
    only: lines.length === 1 ? lines[0] : undefined,
    isOpen: lines.length > 1 && (lines.length <= LISTED || lines.some(({ isSearched }) => isSearched)),
    isSearched: lines.some(({ isSearched }) => isSearched),
  };
}

/** How many of each kind: `身份 4，报考 11`. */
function summed(group: readonly Told[]): string {
  const counts = new Map<EventKind, number>();
  for (const { type } of group) counts.set(kindOf(type), (counts.get(kindOf(type)) ?? 0) + 1);
  return Array.from(counts, ([kind, count]) => `${eventKinds[kind]} ${count}`).join('，');
}

function releaseView({ at, says }: Release): Group {
  return {
    at,
    first: undefined,
    time: timeOf(at),
    icon: 'megaphone',
    title: says,
    who: '按排期生效，对全体考生',
    why: undefined,
    ticket: undefined,
    lines: [],
    only: undefined,
    isOpen: false,
    isSearched: false,
  };
}

function daysOf(groups: readonly Group[]) {
  const days = new Map<string, Group[]>();
  for (const group of groups) days.set(dateOf(group.at), [...(days.get(dateOf(group.at)) ?? []), group]);
  return Array.from(days, ([date, ofDay]) => ({ day: `${day(date)} ${weekdayOf(date)}`, groups: ofDay }));
}

/** Beijing's offset, which has not changed since 1991, in milliseconds. Asking a calendar for each event would be most of the page's work. */
const OFFSET = 8 * 3_600_000;

function dateOf(instant: string): string {
  return inBeijing(instant).slice(0, 10);
}

function timeOf(instant: string): string {
  return inBeijing(instant).slice(11, 16);
}

function inBeijing(instant: string): string {
  return new Date(Date.parse(instant) + OFFSET).toISOString();
}
