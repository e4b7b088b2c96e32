import pMap from 'p-map';
import { type Cause, causedBy } from '../event-store/cause.js';
import type { Commands } from '../event-store/commands.js';
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
import { outcomeOf, type ReactionState, Tally } from './progress.js';
import type { ReactionStore } from './reaction-store.js';
import type { Reactor } from './reactor.js';
import { checkpointAt, checkpointName, loadCheckpoint, type ReactorCheckpoint } from './reactor-checkpoint.js';
import { type LeaderSettings, runAsLeader } from './run-as-leader.js';
import { together } from './together.js';

/** A reaction was refused by a rule; makes it the affair of a person, once however often it is said (`given.id`). */
export type OnRefused = (given: Given, reactor: string, event: Recorded, refusal: Refusal) => Promise<unknown>;

export interface ReactingPorts {
  readonly events: EventStore;
  readonly store: ReactionStore;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly refused: OnRefused;
}

export interface ReactingSettings extends LeaderSettings {
  /** Streams that are held before nothing new is taken up; a page may bring some more. */
  readonly mostHeld?: number;
}

/** Streams that are reacted to at the same time; their commands are recorded together. */
const AT_ONCE = 100;
const MOST_HELD = 1_000;
/** Milliseconds between two rounds of what is held. */
const ROUND = 1_000;

/**
 * A reactor at work: follows the log, and gives the commands that follow from its events, in order within a stream. What
 * cannot be done now is tried again later and holds back its stream alone. How far it has come is saved once a page: after
 * a crash some commands are given again, with the ids that they had.
 */
export class Reacting {
  private readonly tally = new Tally();
  private readonly wait: typeof abortableDelay;
  private held = new HeldStreams([]);
  private checkpoint: Pick<ReactorCheckpoint, 'position' | 'eventId'> = { position: START };
  /** Up to where events were taken up: those of held streams wait there. */
  private reached: Position = START;

  constructor(
    private readonly reactor: Reactor,
    private readonly ports: ReactingPorts,
    private readonly settings: ReactingSettings,
  ) {
    this.wait = settings.wait ?? abortableDelay;
  }

  /** Reacts until the signal, whenever it is its turn. */
  run(signal: AbortSignal): Promise<void> {
    const tell = (state: ReactionState) => this.report(state);
    return runAsLeader(this.ports.store, checkpointName(this.reactor), this.settings, signal, tell, (lease, over, end) => this.work(lease, over, end));
  }

  private async work(lease: Lease, signal: AbortSignal, end: () => void): Promise<void> {
    const { events, store } = this.ports;
    const { held, ...checkpoint } = await loadCheckpoint(events, store, this.reactor, signal);
    this.held = new HeldStreams(held);
    this.checkpoint = checkpoint;
    this.reached = checkpoint.position;
    await this.save(lease);
    const types = Object.keys(this.reactor.on);
    await together(end, [
      () => events.subscribe(checkpoint.position, { types }, (page) => this.take(lease, page, signal), signal),
      () => this.tryAgain(lease, signal),
    ]);
  }

  private async take(lease: Lease, page: EventPage, signal: AbortSignal): Promise<void> {
    while (this.held.size >= (this.settings.mostHeld ?? MOST_HELD) && !signal.aborted) await this.wait(signal, ROUND);
    if (signal.aborted) return;
    this.reached = page.position; // in one go with what follows: a held stream that is through by now would not look here again
    const streams = [
      ...Map.groupBy(
        page.events.filter((event) => this.isOurs(event)),
        ({ stream }) => stream,
      ),
    ].filter(([stream]) => !this.held.has(stream));
    const through = await pMap(streams, ([, events]) => this.inOrder(events, signal), { concurrency: AT_ONCE });
    if (through.includes(false)) return;
    const last = page.events.at(-1);
    if (!last && !page.end) return; // on the way through what it does not want
    this.checkpoint = last?.position === page.position ? { position: last.position, eventId: last.id } : await checkpointAt(this.ports.events, page.position);
    await this.save(lease);
    this.report('at-work');
  }

  /** Answers whether all of them were done or are held; the signal comes between two. */
  private async inOrder(events: readonly Recorded[], signal: AbortSignal): Promise<boolean> {
    for (const event of events) {
      if (signal.aborted) return false;
      if (await this.isDone(event)) continue;
      this.held.hold(event);
      return true;
    }
    return true;
  }

  private async tryAgain(lease: Lease, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.wait(signal, ROUND);
      const streams = signal.aborted ? [] : this.held.next();
      if (streams.length === 0) continue;
      await pMap(streams, (stream) => this.goOn(stream, signal), { concurrency: AT_ONCE });
      await this.save(lease);
      this.report('at-work');
    }
  }

  /** All that a held stream has waiting up to where the log was taken up; what is taken up meanwhile, too. */
  private async goOn(stream: string, signal: AbortSignal): Promise<void> {
    let upTo: Position;
    do {
      upTo = this.reached;
      const waiting = await this.waitingOn(stream, upTo);
      if (!waiting) return this.held.postpone(stream);
      for (const event of waiting) {
        if (signal.aborted) return;
        if (!(await this.isDone(event))) return this.held.hold(event);
        this.held.pass(event);
      }
    } while (upTo !== this.reached);
    this.held.release(stream);
  }

  /** Undefined while the log does not say. */
  private async waitingOn(stream: string, upTo: Position): Promise<readonly Recorded[] | undefined> {
    const from = this.held.from(stream);
    const isWaiting = (event: Recorded) => event.revision >= from && event.position <= upTo && Object.hasOwn(this.reactor.on, event.type) && this.isOurs(event);
    try {
      const [events = []] = await this.ports.events.streams([stream]);
      return events.filter(isWaiting);
    } catch (error) {
      log.warn({ err: error, reactor: this.reactor.name, stream }, 'a stream that is held back cannot be read and is tried again');
      return undefined;
    }
  }

  /** What an import tells has been reacted to where it comes from, but for what the reactor says. */
  private isOurs({ type, metadata: { origin } }: Recorded): boolean {
    return origin !== 'import' || (this.reactor.ofImports?.includes(type) ?? false);
  }

  /** Whether nothing is left to do about an event: otherwise it is to be tried again. */
  private async isDone(event: Recorded): Promise<boolean> {
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
      if (error instanceof Refusal) return this.isHandedOn(event, error, given.at);
      return this.failed(event, error);
    }
  }

  private async isHandedOn(event: Recorded, refusal: Refusal, at: string): Promise<boolean> {
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

  /** What is saved is one whole: of two that are under way at once it does not matter which is the last. */
  private save(lease: Lease): Promise<void> {
    return this.ports.store.save(checkpointName(this.reactor), lease, { ...this.checkpoint, held: this.held.upTo(this.checkpoint.position) });
  }

  private report(state: ReactionState): void {
    const { name } = this.reactor;
    this.settings.report?.({ kind: 'reactor', name, state, held: state === 'waiting' ? 0 : this.held.size, commands: this.tally.taken() });
  }
}

function causeOf({ subject, metadata: { correlation, onBehalfOf = subject } }: Recorded, by: string): Cause {
  return { origin: 'reaction', by, correlation, ...(onBehalfOf !== undefined && { onBehalfOf }) };
}
