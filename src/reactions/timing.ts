import pMap from 'p-map';
import type { Appended } from '../event-store/append.js';
import { causedBy } from '../event-store/cause.js';
import type { Commands } from '../event-store/commands.js';
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
import { outcomeOf, type ReactionState, Tally } from './progress.js';
import type { ReactionStore } from './reaction-store.js';
import { type LeaderSettings, runAsLeader } from './run-as-leader.js';
import type { Due, Timer } from './timer.js';

export interface TimingPorts {
  readonly readModels: ReadModels;
  readonly store: ReactionStore;
  readonly commands: Commands;
  readonly clock: Clock;
}

export interface TimingSettings extends LeaderSettings {
  /** Milliseconds between two looks at what is due. */
  readonly every?: number;
}

const EVERY = 1_000;
/** Documents that are looked at in one go. */
const PAGE = 200;
/** Milliseconds that pages have between two goes: fifty thousand things may fall due at one deadline. */
const PAUSE = 50;
/** By how much the clock may be corrected without all that waits being looked at. Milliseconds. */
const CORRECTED = 1_000;
/** Documents whose commands are given at the same time. */
const AT_ONCE = 20;

/**
 * A timer at work: looks every so often for what has fallen due, and gives the commands that are due then. What was given
 * is not given again before the read model shows what came of it; what failed, or is still due then, later each time.
 */
export class Timing {
  private readonly tally = new Tally();
  private readonly wait: typeof abortableDelay;
  private attempts = new Attempts();
  /** What the clock said when all that waits was looked at for the last time, or later; none before the first time. */
  private saidLast: string | undefined;

  constructor(
    private readonly timer: Timer,
    private readonly ports: TimingPorts,
    private readonly settings: TimingSettings,
  ) {
    this.wait = settings.wait ?? abortableDelay;
  }

  /** Looks until the signal, whenever it is its turn. */
  run(signal: AbortSignal): Promise<void> {
    const tell = (state: ReactionState) => this.report(state);
    return runAsLeader(this.ports.store, `timer ${this.timer.name}`, this.settings, signal, tell, (_lease, over) => this.work(over));
  }

  private async work(signal: AbortSignal): Promise<void> {
    this.attempts = new Attempts(); // others may have been at work meanwhile
    this.saidLast = undefined;
    while (!signal.aborted) {
      await this.look(signal);
      await this.wait(signal, this.settings.every ?? EVERY);
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    const now = this.ports.clock.instant();
    const { due } = this.timer;
    const isWhole = this.mayBeSetBack(now);
    this.attempts.begin();
    let after: string | undefined;
    do {
      const shown = await this.ports.readModels.position([due as Projection]); // before the documents: they have seen as much
      const listed = await this.ports.readModels.list(due, 'at', after, PAGE);
      const fallen = isWhole ? listed : listed.filter(({ document }) => (due.indexes?.at?.(document) ?? '') <= now);
      await pMap(fallen, (each) => this.settle(each, now, shown, signal), { concurrency: AT_ONCE });
      after = fallen.length === PAGE ? fallen.at(-1)?.cursor : undefined;
      if (fallen.length > 0) this.report('at-work');
      if (after !== undefined) await this.wait(signal, PAUSE);
      if (signal.aborted) return;
    } while (after !== undefined);
    this.saidLast = now;
    this.attempts.end();
  }

  /** What fell due by a clock that was set back since lies ahead, behind what will be due: then, and at first, the timer says of each. */
  private mayBeSetBack(now: string): boolean {
    return this.saidLast === undefined || Date.parse(this.saidLast) - Date.parse(now) > CORRECTED;
  }

  private async settle({ key, document }: Listed<unknown>, now: string, shown: Position, signal: AbortSignal): Promise<void> {
    for (const due of this.fallenDue(key, document, now, shown)) {
      if (signal.aborted) return;
      const id = deterministicId(`${this.timer.name} ${key} ${due.name}`);
      if (this.attempts.mayTry(id, document, shown)) await this.attempt(id, key, document, due);
    }
  }

  private fallenDue(key: string, document: unknown, now: string, shown: Position): readonly Due[] {
    const id = deterministicId(`${this.timer.name} ${key}`);
    if (!this.attempts.mayTry(id, document, shown)) return [];
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
      const command = due.make(givenAt(clock.instant(), id));
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
    this.settings.report?.({ kind: 'timer', name, state, held: state === 'waiting' ? 0 : this.attempts.size, commands: this.tally.taken() });
  }
}
