import { z } from 'zod';
import { type Position, START } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import { log } from '../kernel/log.js';
import { LeaseLost } from '../read-models/read-models.js';
import { isOfThisLog } from '../read-models/serving/of-this-log.js';
import type { ReactionStore } from './reaction-store.js';
import type { Reactor } from './reactor.js';

const checkpoint = z.strictObject({
  position: z.string(),
  /** Of the event there: another log is noticed by it. */
  eventId: z.string().optional(),
  /** Streams that are held back, each with the event from which it goes on. */
  held: z.array(z.strictObject({ stream: z.string(), revision: z.number().int().min(0), position: z.string() })),
  /** Nobody has looked yet whether it had been at work before, and only what it had saved was lost. */
  first: z.literal(true).optional(),
});

/** How far a reactor has come: all up to the position is done, but for what is held back. */
export type ReactorCheckpoint = z.infer<typeof checkpoint>;

const FROM_THE_START: ReactorCheckpoint = { position: START, held: [] };
/** Events that are looked at in one go. */
const PAGE = 2_000;

/** The name under which a reactor's lease and checkpoint are. */
export function checkpointName({ name }: Pick<Reactor, 'name'>): string {
  return `reactor ${name}`;
}

/**
 * Says that reactors that were never at work begin at what is now the end of the log. To be done before a process of this
 * release records anything: what it records then is reacted to, however much later the reactors start.
 */
export async function beginReactors(events: EventStore, store: ReactionStore, reactors: readonly Reactor[]): Promise<void> {
  const unbegun: Reactor[] = [];
  for (const reactor of reactors) if ((await store.load(checkpointName(reactor))) === undefined) unbegun.push(reactor);
  if (unbegun.length === 0) return;
  const position = await events.head();
  const beginning = { ...(await checkpointAt(events, position)), held: [], first: true };
  for (const reactor of unbegun) await store.begin(checkpointName(reactor), beginning);
}

/** The place of an event with its id, for a checkpoint. */
export async function checkpointAt(events: EventStore, position: Position): Promise<Pick<ReactorCheckpoint, 'position' | 'eventId'>> {
  const event = await events.at(position);
  return { position, ...(event && { eventId: event.id }) };
}

/** How far a reactor has come in what was saved. */
export async function savedCheckpoint(store: ReactionStore, reactor: Reactor): Promise<ReactorCheckpoint | undefined> {
  const saved = await store.load(checkpointName(reactor));
  return saved === undefined ? undefined : checkpoint.parse(saved);
}

/**
 * Where a reactor goes on: where it came to; at the log's start, where that is not of this log (an older state of it was
 * restored), or where what it had saved was lost. What was done is then done again, which changes nothing.
 */
export async function loadCheckpoint(events: EventStore, store: ReactionStore, reactor: Reactor, signal: AbortSignal): Promise<ReactorCheckpoint> {
  await beginReactors(events, store, [reactor]);
  const saved = (await savedCheckpoint(store, reactor)) ?? FROM_THE_START;
  const { first, ...known } = saved;
  if (!(await isOfThisLog(events, { position: saved.position, ...(saved.eventId !== undefined && { eventId: saved.eventId }) }))) {
    log.warn({ reactor: reactor.name, position: saved.position }, 'a reactor has seen another log: it goes through this one from its start');
    return FROM_THE_START;
  }
  if (!first) return known;
  const hasActed = await hasActedBefore(events, reactor, saved.position, signal);
  if (hasActed) log.warn({ reactor: reactor.name }, 'how far a reactor had come was lost: it goes through the log from its start');
  return hasActed ? FROM_THE_START : known;
}

/** Whether the log shows that the reactor was at work: nothing is then known of what it had still to do. */
async function hasActedBefore(events: EventStore, { name }: Reactor, upTo: Position, signal: AbortSignal): Promise<boolean> {
  for (let position: Position = START; position < upTo; ) {
    if (signal.aborted) throw new LeaseLost('the turn is over');
    const page = await events.read(position, PAGE);
    if (page.events.some(({ metadata: { by, origin } }) => origin === 'reaction' && by === name)) return true;
    if (page.end) return false;
    position = page.position;
  }
  return false;
}
