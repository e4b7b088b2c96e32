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
  /** The id of the event at `position`, by which another log is detected. */
  eventId: z.string().optional(),
  /** Streams that are held back, each with the event from which it continues. */
  held: z.array(z.strictObject({ stream: z.string(), revision: z.number().int().min(0), position: z.string() })),
  /** Set until it is checked whether the reactor has acted before and only lost its checkpoint. */
  first: z.literal(true).optional(),
});

/** A reactor's progress: everything up to the position is done, except held streams. */
export type ReactorCheckpoint = z.infer<typeof checkpoint>;

const FROM_THE_START: ReactorCheckpoint = { position: START, held: [] };
/** Events per read. */
const PAGE = 2_000;

/** The name of a reactor's lease and checkpoint. */
export function checkpointName({ name }: Pick<Reactor, 'name'>): string {
  return `reactor ${name}`;
}

/**
 * Sets the checkpoint of reactors that have none to the present end of the log. To be called before a process of this release records
 * anything, so that its events are reacted to, however much later the reactors start.
 */
export async function initializeReactors(events: EventStore, store: ReactionStore, reactors: readonly Reactor[]): Promise<void> {
  const withoutCheckpoint: Reactor[] = [];
  for (const reactor of reactors) if ((await store.load(checkpointName(reactor))) === undefined) withoutCheckpoint.push(reactor);
  if (withoutCheckpoint.length === 0) return;
  const position = await events.head();
  const beginning = { ...(await checkpointAt(events, position)), held: [], first: true };
  for (const reactor of withoutCheckpoint) await store.initialize(checkpointName(reactor), beginning);
}

/** A position with its event's id, for a checkpoint. */
export async function checkpointAt(events: EventStore, position: Position): Promise<Pick<ReactorCheckpoint, 'position' | 'eventId'>> {
  const event = await events.at(position);
  return { position, ...(event && { eventId: event.id }) };
}

/** The saved checkpoint of a reactor. */
export async function savedCheckpoint(store: ReactionStore, reactor: Reactor): Promise<ReactorCheckpoint | undefined> {
  const saved = await store.load(checkpointName(reactor));
  return saved === undefined ? undefined : checkpoint.parse(saved);
}

/**
 * Where a reactor continues: at its saved checkpoint, or at the log's start when the checkpoint is of another log (an older copy was
 * restored) or was lost. Reactions are then repeated, which records nothing twice.
 */
export async function loadCheckpoint(events: EventStore, store: ReactionStore, reactor: Reactor, signal: AbortSignal): Promise<ReactorCheckpoint> {
  await initializeReactors(events, store, [reactor]);
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

/** Whether the log holds events that the reactor caused. What it had still to do is then unknown. */
async function hasActedBefore(events: EventStore, { name }: Reactor, upTo: Position, signal: AbortSignal): Promise<boolean> {
  for (let position: Position = START; position < upTo; ) {
    if (signal.aborted) throw new LeaseLost('the lease was lost while the log was searched');
    const page = await events.read(position, PAGE);
    if (page.events.some(({ metadata: { by, origin } }) => origin === 'reaction' && by === name)) return true;
    if (page.end) return false;
    position = page.position;
  }
  return false;
}
