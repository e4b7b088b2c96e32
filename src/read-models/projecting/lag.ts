import { setTimeout as pause } from 'node:timers/promises';
import { LogReplaced } from '../../event-store/append.js';
import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { waitingForever } from '../../event-store/waiting-time.js';
import { pauseUnless } from '../../kernel/pause.js';
import type { HealthProblem } from '../../kernel/readiness.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import type { Projection, ReadModel } from '../projection.js';
import type { ReadModels } from '../read-models.js';
import { TimeLeft } from '../rebuilding/time-left.js';
import { isOfThisLog } from '../serving/of-this-log.js';
import { waitFor } from '../serving/own-write.js';

/** Milliseconds between two looks. */
const EVERY = 1_000;
/** Milliseconds that a read model may be behind without anybody's being told: a projector at work is far faster. */
const TOLERATED = 2_000;
/** A read model that has not moved for so many milliseconds, while another has come to the end, does not go on by itself. */
const STUCK = 10_000;
/** How long a start waits for what is nearly there, in milliseconds. */
const NEARLY = 1_000;
const SOON = 50;

/** How far a read model is, as it was seen last. Moments are milliseconds of the monotonic clock. */
interface Mark {
  readonly position: Position;
  readonly movedAt: number;
  /** An end of the log that it had not reached at the moment `since`, or reached there. */
  readonly target: Position;
  readonly since: number;
  /** It has come to an end of the log since the start. */
  readonly caughtUp: boolean;
}

/** How far what pages read is behind the log, looked up every second: who serves them projects nothing itself. */
export class ReadModelLag {
  private readonly marks = new Map<string, Mark>();
  private readonly left: TimeLeft;
  private looking: Promise<void> | undefined;
  private blind: string | undefined;
  private begun = false;
  private caughtUp = false;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  /**
   * @param projections all that pages read
   * @param cannotMove whether no process can write them now, as on a full disk: then none is ahead of this one
   */
  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly projections: readonly Projection[],
    private readonly clock: () => number = () => performance.now(),
    private readonly cannotMove: () => boolean = () => false,
  ) {
    this.left = new TimeLeft(events, clock);
  }

  /** Resolves after a first look, and looks every second from then on. */
  async start(): Promise<void> {
    this.begun = true;
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    const nearly = AbortSignal.any([signal, AbortSignal.timeout(NEARLY)]);
    await this.look();
    while (!this.caughtUp && !nearly.aborted) {
      await pauseUnless(nearly, SOON);
      await this.look();
    }
    this.following = this.follow(signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /**
   * In how many seconds it makes sense to ask again, where one of these is behind, be it since the start or for more than a
   * moment; undefined where none is.
   */
  behind(readModels: readonly ReadModel<unknown>[]): number | undefined {
    const marks = readModels.map(({ name }) => this.marks.get(name)).filter((mark) => mark !== undefined);
    return marks.some((mark) => this.isLate(mark)) ? this.left.seconds : undefined;
  }

  /** Seconds as `behind` gives them, whether anything is known to be behind or not. */
  get secondsLeft(): number {
    return this.left.seconds;
  }

  /** Waits until these have seen all that is in the log now; false where they have not within `withinMs`, or the log does not say. */
  async seeNow(projections: readonly Projection[], withinMs: number): Promise<boolean> {
    try {
      return await waitFor(this.readModels, projections, await this.events.head(), withinMs);
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    }
  }

  /** Why a proxy should prefer other processes, or what all of them lack; undefined when nothing is behind. */
  healthProblem(): HealthProblem | undefined {
    if (!this.begun) return undefined;
    const scope = this.cannotMove() ? 'everywhere' : 'process';
    if (!this.caughtUp) return { scope, reason: this.blind ?? `has not caught up with the log since the start: ${this.lateNames().join(', ')}` };
    if (this.blind !== undefined) return { scope: 'everywhere', reason: this.blind };
    const late = this.lateNames();
    return late.length > 0 ? { scope: 'everywhere', reason: `behind the log: ${late.join(', ')}` } : undefined;
  }

  /** A look that nobody has to wait long for. */
  async lookAgain(): Promise<void> {
    if (this.begun) await Promise.race([this.look(), pause(NEARLY)]);
  }

  /** Those that are asked for at the same time share one look, whoever asks. */
  private look(): Promise<void> {
    this.looking ??= waitingForever(() => this.lookOnce()).finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** A read model that is stuck while others have come to the end is no reason to wait: it would be so everywhere. */
  private hasCaughtUp(): boolean {
    const marks = [...this.marks.values()];
    if (!marks.some(({ caughtUp }) => caughtUp)) return false;
    return marks.every(({ caughtUp, movedAt }) => caughtUp || this.clock() - movedAt >= STUCK);
  }

  private lateNames(): readonly string[] {
    return this.projections
      .map(({ name }) => name)
      .filter((name) => {
        const mark = this.marks.get(name);
        return !mark || this.isLate(mark);
      });
  }

  private isLate({ position, target, since, caughtUp }: Mark): boolean {
    return position < target && (!caughtUp || this.clock() - since >= TOLERATED);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pauseUnless(signal, EVERY);
      if (!signal.aborted) await this.look();
    }
  }

  private async lookOnce(): Promise<void> {
    try {
      const head = await this.events.head();
      const earliest = await this.position(this.projections, head);
      if (earliest >= head) for (const { name } of this.projections) this.mark(name, earliest, head);
      else for (const projection of this.projections) this.mark(projection.name, await this.position([projection], head), head);
      this.caughtUp ||= this.hasCaughtUp();
      this.left.look(earliest, head);
      this.blind = undefined;
    } catch (error) {
      this.blind = `how far read models are cannot be told: ${error instanceof Error ? error.message : 'unknown'}`;
    }
  }

  /** @throws LogReplaced when the log does not hold what the read models have seen; once they have come to its end, the log itself says so */
  private async position(projections: readonly Projection[], head: Position): Promise<Position> {
    const checkpoint = await this.readModels.checkpoint(projections);
    const { position, eventId } = checkpoint;
    if (position > head) await this.events.count(position, head);
    else if (!this.caughtUp && !(await isOfThisLog(this.events, checkpoint)))
      throw new LogReplaced(`event ${eventId}, which read models have seen at ${position}, is not there`);
    return position;
  }

  private mark(name: string, position: Position, head: Position): void {
    const now = this.clock();
    const before = this.marks.get(name);
    const movedAt = before?.position === position ? before.movedAt : now;
    const reached = position >= (before?.target ?? head);
    const { target, since } = before && !reached ? before : { target: head, since: now };
    this.marks.set(name, { position, movedAt, target, since, caughtUp: reached || (before?.caughtUp ?? false) });
  }
}
