import pMap from 'p-map';
import { type Cause, causedBy } from '../event-store/cause.js';
import type { UntypedCommands } from '../event-store/commands.js';
import type { Given } from '../event-store/decider.js';
import { deterministicId } from '../event-store/deterministic-id.js';
import { type Position, type Recorded, START } from '../event-store/event.js';
import type { EventPage, EventStore } from '../event-store/event-store.js';
import { givenAt } from '../event-store/given.js';
import { Refusal } from '../event-store/refusal.js';
import { abortableDelay } from '../kernel/abortable-delay.js';
import type { Clock } from '../kernel/clock.js';
import { log } from '../kernel/log.js';
import type { Lease } from '../read-models/read-models.js';
import { HeldStreams } from './held-streams.js';
import { OutcomeTally, outcomeOf, type ReactionState } from './progress.js';
import type { ReactionStore } from './reaction-store.js';
import type { Reactor } from './reactor.js';
import { checkpointAt, checkpointName, loadCheckpoint, type ReactorCheckpoint } from './reactor-checkpoint.js';
import { type LeaderSettings, runAsLeader } from './run-as-leader.js';
import { runTogether } from './run-together.js';

/** Called when a rule refused a reaction, to make it a task for a person. Repeated calls have the same `given.id`. */
export type OnRefused = (given: Given, reactor: string, event: Recorded, refusal: Refusal) => Promise<unknown>;

export interface ReactorPorts {
  readonly events: EventStore;
  readonly store: ReactionStore;
  readonly commands: UntypedCommands;
  readonly clock: Clock;
  readonly refused: OnRefused;
}

export interface ReactorSettings extends LeaderSettings {
  /** When this many streams are held, no new events are read. One page may exceed it. */
  readonly maxHeld?: number;
}

/** Streams that are reacted to concurrently; their commands are recorded together. */
const CONCURRENCY = 100;
const MAX_HELD = 1_000;
/** Milliseconds between two rounds of retries of held streams. */
const RETRY_INTERVAL = 1_000;

/**
 * Runs a reactor: follows the log and executes the commands for its events, in order within a stream. A failed reaction is retried later
 * and holds back only its stream. The checkpoint is saved once for each page, so after a crash some commands are repeated with the same
 * ids.
 */
export class ReactorRunner {
  private readonly tally = new OutcomeTally();
  private readonly wait: typeof abortableDelay;
  private held = new HeldStreams([]);
  private checkpoint: Pick<ReactorCheckpoint, 'position' | 'eventId'> = { position: START };
  /** The position up to which pages were handled; events of held streams wait until their stream is retried. */
  private reached: Position = START;

  constructor(
    private readonly reactor: Reactor,
    private readonly ports: ReactorPorts,
    private readonly settings: ReactorSettings,
  ) {
    this.wait = settings.wait ?? abortableDelay;
  }

  /** Reacts until the signal, while this process holds the lease. */
  run(signal: AbortSignal): Promise<void> {
    const report = (state: ReactionState) => this.report(state);
    return runAsLeader(this.ports.store, checkpointName(this.reactor), this.settings, signal, report, (lease, over, end) => this.work(lease, over, end));
  }

  private async work(lease: Lease, signal: AbortSignal, end: () => void): Promise<void> {
    const { events, store } = this.ports;
    const { held, ...checkpoint } = await loadCheckpoint(events, store, this.reactor, signal);
    this.held = new HeldStreams(held);
    this.checkpoint = checkpoint;
    this.reached = checkpoint.position;
    await this.save(lease);
    const types = Object.keys(this.reactor.on);
    await runTogether(end, [
      () => events.subscribe(checkpoint.position, { types }, (page) => this.handlePage(lease, page, signal), signal),
      () => this.retryHeld(lease, signal),
    ]);
  }

  private async handlePage(lease: Lease, page: EventPage, signal: AbortSignal): Promise<void> {
    while (this.held.size >= (this.settings.maxHeld ?? MAX_HELD) && !signal.aborted) await this.wait(signal, RETRY_INTERVAL);
    if (signal.aborted) return;
    this.reached = page.position; // no await before `held` is read below: a stream released in between would not see this page
    const streams = [
      ...Map.groupBy(
        page.events.filter((event) => this.isRelevant(event)),
        ({ stream }) => stream,
      ),
    ].filter(([stream]) => !this.held.has(stream));
    const through = await pMap(streams, ([, events]) => this.reactInOrder(events, signal), { concurrency: CONCURRENCY });
    if (through.includes(false)) return;
    const last = page.events.at(-1);
    if (!last && !page.end) return; // the page only skipped unwanted events
    this.checkpoint = last?.position === page.position ? { position: last.position, eventId: last.id } : await checkpointAt(this.ports.events, page.position);
    await this.save(lease);
    this.report('at-work');
  }

  /** Whether all events are done or held; false when the signal was aborted between two. */
  private async reactInOrder(events: readonly Recorded[], signal: AbortSignal): Promise<boolean> {
    for (const event of events) {
      if (signal.aborted) return false;
      if (await this.react(event)) continue;
      this.held.hold(event);
      return true;
    }
    return true;
  }

  private async retryHeld(lease: Lease, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.wait(signal, RETRY_INTERVAL);
      const streams = signal.aborted ? [] : this.held.beginRound();
      if (streams.length === 0) continue;
      await pMap(streams, (stream) => this.retryStream(stream, signal), { concurrency: CONCURRENCY });
      await this.save(lease);
      this.report('at-work');
    }
  }

  /** Retries a held stream's events up to `reached`, and those of pages handled meanwhile. */
  private async retryStream(stream: string, signal: AbortSignal): Promise<void> {
    let upTo: Position;
    do {
      upTo = this.reached;
      const waiting = await this.heldEvents(stream, upTo);
      if (!waiting) return this.held.postpone(stream);
      for (const event of waiting) {
        if (signal.aborted) return;
        if (!(await this.react(event))) return this.held.hold(event);
        this.held.advance(event);
      }
    } while (upTo !== this.reached);
    this.held.release(stream);
  }

  /** The events that a held stream still waits for; undefined when they cannot be read. */
  private async heldEvents(stream: string, upTo: Position): Promise<readonly Recorded[] | undefined> {
    const from = this.held.nextRevision(stream);
    const isWaiting = (event: Recorded) =>
      event.revision >= from && event.position <= upTo && Object.hasOwn(this.reactor.on, event.type) && this.isRelevant(event);
    try {
      const [events = []] = await this.ports.events.streams([stream]);
      return events.filter(isWaiting);
    } catch (error) {
      log.warn({ err: error, reactor: this.reactor.name, stream }, 'a stream that is held back cannot be read and is tried again');
      return undefined;
    }
  }

  /** Whether to react: events of an import were reacted to in the system that they come from, except those that the reactor names. */
  private isRelevant({ type, metadata: { origin } }: Recorded): boolean {
    return origin !== 'import' || (this.reactor.importedEvents?.includes(type) ?? false);
  }

  /** Reacts to an event. Returns whether it is done; otherwise it is to be retried. */
  private async react(event: Recorded): Promise<boolean> {
    const { commands, clock } = this.ports;
    const { name } = this.reactor;
    const given = givenAt(clock.instant(), deterministicId(`${event.id} ${name}`));
    try {
      if (event.unknown) throw new Error(`${event.type} is of a newer release`);
      const command = this.reactor.on[event.type]?.(event, given);
      if (!command) return true;
      const answer = await causedBy(causeOf(event, name), () => commands.execute(command));
      this.tally.add(outcomeOf(answer));
      return true;
    } catch (error) {
      if (error instanceof Refusal) return this.reportRefusal(event, error, given.at);
      return this.failed(event, error);
    }
  }

  private async reportRefusal(event: Recorded, refusal: Refusal, at: string): Promise<boolean> {
    const { name } = this.reactor;
    this.tally.add('refused');
    log.warn({ reactor: name, event: event.id, type: event.type, code: refusal.code }, 'a reaction was refused');
    try {
      const given = givenAt(at, deterministicId(`${event.id} ${name} refused`));
      await causedBy(causeOf(event, name), () => this.ports.refused(given, name, event, refusal));
      return true;
    } catch (error) {
      return this.failed(event, error);
    }
  }

  private failed({ id, type, stream }: Recorded, error: unknown): false {
    this.tally.add('failed');
    log.warn({ err: error, reactor: this.reactor.name, event: id, type, stream }, 'a reaction failed and is tried again');
    return false;
  }

  /** Each save is consistent by itself, so the order of two concurrent saves does not matter. */
  private save(lease: Lease): Promise<void> {
    return this.ports.store.save(checkpointName(this.reactor), lease, { ...this.checkpoint, held: this.held.savedUpTo(this.checkpoint.position) });
  }

  private report(state: ReactionState): void {
    const { name } = this.reactor;
    this.settings.report?.({ kind: 'reactor', name, state, held: state === 'waiting' ? 0 : this.held.size, commands: this.tally.takeCounts() });
  }
}

function causeOf({ subject, metadata: { correlation, onBehalfOf = subject } }: Recorded, by: string): Cause {
  return { origin: 'reaction', by, correlation, ...(onBehalfOf !== undefined && { onBehalfOf }) };
}
