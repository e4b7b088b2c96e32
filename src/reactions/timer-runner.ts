import pMap from 'p-map';
import type { Appended } from '../event-store/append.js';
import { causedBy } from '../event-store/cause.js';
import type { UntypedCommands } from '../event-store/commands.js';
import { deterministicId } from '../event-store/deterministic-id.js';
import type { Position } from '../event-store/event.js';
import { givenAt } from '../event-store/given.js';
import { Refusal } from '../event-store/refusal.js';
import { abortableDelay } from '../kernel/abortable-delay.js';
import type { Clock } from '../kernel/clock.js';
import { log } from '../kernel/log.js';
import type { Projection } from '../read-models/projection.js';
import type { Listed, ReadModels } from '../read-models/read-models.js';
import { Attempts } from './attempts.js';
import { OutcomeTally, outcomeOf, type ReactionState } from './progress.js';
import type { ReactionStore } from './reaction-store.js';
import { type LeaderSettings, runAsLeader } from './run-as-leader.js';
import type { Due, Timer } from './timer.js';

export interface TimerPorts {
  readonly readModels: ReadModels;
  readonly store: ReactionStore;
  readonly commands: UntypedCommands;
  readonly clock: Clock;
}

export interface TimerSettings extends LeaderSettings {
  /** Milliseconds between two polls. */
  readonly pollInterval?: number;
}

const POLL_INTERVAL = 1_000;
/** Documents per read. */
const PAGE = 200;
/** Milliseconds left to pages between two reads, because fifty thousand documents may be due at one deadline. */
const PAUSE_BETWEEN_PAGES = 50;
/** Milliseconds by which the clock may be set back without all documents being read. */
const CLOCK_TOLERANCE = 1_000;
/** Documents whose commands are executed concurrently. */
const CONCURRENCY = 20;

/**
 * Runs a timer: polls for documents that are due and executes their commands. A command is not repeated before the read model shows its
 * result. One that failed, or is then still due, is retried with growing delays.
 */
export class TimerRunner {
  private readonly tally = new OutcomeTally();
  private readonly wait: typeof abortableDelay;
  private attempts = new Attempts();
  /** The clock's time of the last complete poll; undefined before the first. */
  private lastPolledAt: string | undefined;

  constructor(
    private readonly timer: Timer,
    private readonly ports: TimerPorts,
    private readonly settings: TimerSettings,
  ) {
    this.wait = settings.wait ?? abortableDelay;
  }

  /** Polls until the signal, while this process holds the lease. */
  run(signal: AbortSignal): Promise<void> {
    const report = (state: ReactionState) => this.report(state);
    return runAsLeader(this.ports.store, `timer ${this.timer.name}`, this.settings, signal, report, (_lease, over) => this.work(over));
  }

  private async work(signal: AbortSignal): Promise<void> {
    this.attempts = new Attempts(); // another process may have run the timer meanwhile
    this.lastPolledAt = undefined;
    while (!signal.aborted) {
      await this.poll(signal);
      await this.wait(signal, this.settings.pollInterval ?? POLL_INTERVAL);
    }
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const now = this.ports.clock.instant();
    const { due } = this.timer;
    const isWhole = this.mustReadAll(now);
    this.attempts.beginRound();
    let after: string | undefined;
    do {
      const shown = await this.ports.readModels.position([due as Projection]); // read before the documents, which are then at least as new
      const listed = await this.ports.readModels.list(due, 'at', after, PAGE);
      const toRun = isWhole ? listed : listed.filter(({ document }) => (due.indexes?.at?.(document) ?? '') <= now);
      await pMap(toRun, (each) => this.runDue(each, now, shown, signal), { concurrency: CONCURRENCY });
      after = toRun.length === PAGE ? toRun.at(-1)?.cursor : undefined;
      if (toRun.length > 0) this.report('at-work');
      if (after !== undefined) await this.wait(signal, PAUSE_BETWEEN_PAGES);
      if (signal.aborted) return;
    } while (after !== undefined);
    this.lastPolledAt = now;
    this.attempts.endRound();
  }

  /** Whether to ask the timer about all documents: at first, and after the clock was set back, since the index may then be in the future for documents that are due. */
  private mustReadAll(now: string): boolean {
    return this.lastPolledAt === undefined || Date.parse(this.lastPolledAt) - Date.parse(now) > CLOCK_TOLERANCE;
  }

  private async runDue({ key, document }: Listed<unknown>, now: string, shown: Position, signal: AbortSignal): Promise<void> {
    for (const due of this.dueOf(key, document, now, shown)) {
      if (signal.aborted) return;
      const id = deterministicId(`${this.timer.name} ${key} ${due.name}`);
      if (this.attempts.isDue(id, document, shown)) await this.attempt(id, key, document, due);
    }
  }

  private dueOf(key: string, document: unknown, now: string, shown: Position): readonly Due[] {
    const id = deterministicId(`${this.timer.name} ${key}`);
    if (!this.attempts.isDue(id, document, shown)) return [];
    try {
      return this.timer.commands(key, document, now);
    } catch (error) {
      this.tally.add('failed');
      this.attempts.failed(id, document);
      log.error({ err: error, timer: this.timer.name, key }, 'what is due of a document cannot be told');
      return [];
    }
  }

  private async attempt(id: string, key: string, document: unknown, due: Due): Promise<void> {
    const { commands, clock } = this.ports;
    const { name } = this.timer;
    try {
      const command = due.makeCommand(givenAt(clock.instant(), id));
      const answer: unknown = await causedBy({ origin: 'reaction', by: name, correlation: id }, () => commands.execute(command));
      this.tally.add(outcomeOf(answer));
      this.attempts.succeeded(id, document, (answer as Partial<Appended> | undefined)?.position);
    } catch (error) {
      if (error instanceof Refusal) {
        this.tally.add('refused');
        this.attempts.refused(id, document);
        log.warn({ timer: name, key, due: due.name, code: error.code }, 'what is due was refused');
      } else {
        this.tally.add('failed');
        this.attempts.failed(id, document);
        log.warn({ err: error, timer: name, key, due: due.name }, 'what is due failed and is tried again');
      }
    }
  }

  private report(state: ReactionState): void {
    const { name } = this.timer;
    this.settings.report?.({ kind: 'timer', name, state, held: state === 'waiting' ? 0 : this.attempts.size, commands: this.tally.takeCounts() });
  }
}
