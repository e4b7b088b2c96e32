import { LogReplaced } from '../../event-store/append.js';
import { type Position, START } from '../../event-store/event.js';
import type { EventStore, Page } from '../../event-store/event-store.js';
import { pauseUnless } from '../../kernel/pause.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { nameOf, type Projection } from '../projection.js';
import { type Checkpoint, type Lease, LeaseLost, type ProjectionStore } from '../read-models.js';
import { isOfThisLog } from '../serving/of-this-log.js';
import { earliest } from './earliest.js';
import { Folding, type ProjectionStatus } from './fold.js';
import { always, type Kept } from './kept-builds.js';
import { whileHolding } from './while-holding.js';

export const PROJECTOR_STATES = ['starting', 'waiting', 'catching-up', 'live', 'stopped', 'needs-rebuild', 'failed'] as const;

/**
 * starting; waiting (another process projects); catching-up; live; stopped (no projection can go on);
 * needs-rebuild (what is stored comes from another log); failed (it died, and is started again).
 */
export type ProjectorState = (typeof PROJECTOR_STATES)[number];

/** How the projector is getting on, for its owner. */
export interface Progress {
  readonly state: ProjectorState;
  /** Up to where all projections that go on have come. */
  readonly position: Position;
  /** Milliseconds since the last event folded was recorded while more are waiting; 0 at the end of the log. */
  readonly lag: number;
  /** Why, where the state needs a reason. */
  readonly reason?: string;
  /** By name, why a projection goes no further while the others do. */
  readonly stopped: Readonly<Record<string, string>>;
  /** By read model, how many documents of all its builds are in quarantine. */
  readonly quarantined: Readonly<Record<string, number>>;
}

export interface ProjectorSettings {
  /** Tells this projector from every other, also from an earlier one of the same process. */
  readonly holder: string;
  readonly report?: (progress: Progress) => void;
  /** Events in one batch while catching up. */
  readonly batch?: number;
  /** Milliseconds between two signs of life; far less than LEASE_PATIENCE. */
  readonly beat?: number;
  /** Which builds are kept up, where that can change; the projections as they are when not given. */
  readonly kept?: Kept;
}

/** Another event stands where a checkpoint was set, or none: the read models are not of this log. */
class NeedsRebuild extends Error {
  override readonly name = 'NeedsRebuild';
}

/** Brings the read models up to the log and keeps them there, as the only one who does (a lease). */
export class Projector {
  private readonly kept: Kept;
  private projections: readonly Projection[] = [];
  private folding = new Folding([]);
  private readonly batch: number;
  private readonly beat: number;
  private statuses: readonly ProjectionStatus[] = [];
  private progress: Progress = { state: 'starting', position: START, lag: 0, stopped: {}, quarantined: {} };

  constructor(
    private readonly events: EventStore,
    private readonly store: ProjectionStore,
    projections: readonly Projection[],
    private readonly settings: ProjectorSettings,
  ) {
    this.kept = settings.kept ?? always(projections);
    this.batch = settings.batch ?? 2_000; // larger ones are not faster: what they hold outlives the young generation
    this.beat = settings.beat ?? 1_000;
  }

  /**
   * Projects until the signal; the batch in hand is written first. Also ends, with the state and its reason reported,
   * when a rebuild is needed or no projection can go on. Gives the lease up in any case.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted && this.goesOn()) {
        const lease = await this.store.lease(this.settings.holder);
        if (lease) {
          await this.holding(lease, signal);
          while (!signal.aborted && !this.goesOn() && this.kept.mayChange) await this.untilOthers(signal);
        } else {
          this.report({ state: 'waiting', lag: 0 });
          await pauseUnless(signal, this.beat);
        }
      }
    } finally {
      await this.store.release(this.settings.holder);
    }
  }

  /** Nothing can go on as it is; an operator may have builds made anew, or give the right log back, and is waited for. */
  private async untilOthers(signal: AbortSignal): Promise<void> {
    await pauseUnless(signal, this.beat);
    await this.store.lease(this.settings.holder);
    if ((await this.kept.changed()) || (await this.isOwnLogBack())) this.report({ state: 'starting', lag: 0 });
  }

  private async isOwnLogBack(): Promise<boolean> {
    if (this.progress.state !== 'needs-rebuild') return false;
    try {
      await this.whereTheyStand();
      return true;
    } catch (error) {
      if (error instanceof NeedsRebuild || error instanceof StoreUnavailable) return false;
      throw error;
    }
  }

  private goesOn(): boolean {
    return this.progress.state !== 'needs-rebuild' && this.progress.state !== 'stopped';
  }

  /** Projects as long as the lease is ours. */
  private async holding(lease: Lease, signal: AbortSignal): Promise<void> {
    const held = async () => (await this.store.lease(this.settings.holder))?.fence === lease.fence && !(await this.kept.changed());
    try {
      await whileHolding(held, this.beat, signal, (over, end) => this.project(lease, over, end));
    } catch (error) {
      if (error instanceof LeaseLost) return;
      const fault = error instanceof LogReplaced ? await this.asAtStart(error) : error;
      if (!(fault instanceof NeedsRebuild)) throw fault;
      this.report({ state: 'needs-rebuild', lag: 0, reason: fault.message });
    }
  }

  /** What a projector that starts now would say of a log that was replaced meanwhile. */
  private async asAtStart(error: LogReplaced): Promise<unknown> {
    try {
      await this.whereTheyStand();
      return error;
    } catch (found) {
      return found instanceof LogReplaced ? new NeedsRebuild(found.message) : found;
    }
  }

  private async project(lease: Lease, signal: AbortSignal, end: () => void): Promise<void> {
    this.projections = await this.kept.begin();
    this.folding = new Folding(this.projections);
    await this.store.prepare(this.projections);
    this.statuses = await this.whereTheyStand();
    let position = this.earliest();
    this.report({ state: 'catching-up', lag: 0 });
    while (!signal.aborted) {
      const page = await this.events.read(position, this.batch);
      await this.take(lease, page);
      if (this.haveAllStopped()) return;
      position = page.position;
      if (page.end) break;
    }
    if (signal.aborted) return;
    if (await this.kept.atOnePosition(lease, this.statuses)) return;
    this.report({ state: 'live', lag: 0 });
    const handle = async (page: Page) => {
      await this.take(lease, page);
      if (this.haveAllStopped()) end();
    };
    await this.events.subscribe(position, undefined, handle, signal);
  }

  private async take(lease: Lease, page: Page): Promise<void> {
    const { batches, statuses } = await this.folding.fold(this.statuses, page, (projection, keys) => this.store.load(projection, keys));
    if (batches.length > 0) await this.store.write(lease, batches);
    this.statuses = statuses;
    const last = page.events.at(-1);
    const lag = page.end || !last ? 0 : Math.max(0, Date.now() - Date.parse(last.recordedAt));
    this.report({ state: this.progress.state, lag });
  }

  /** @throws NeedsRebuild when a checkpoint is of another log, or of a later state of this one */
  private async whereTheyStand(): Promise<readonly ProjectionStatus[]> {
    const checkpoints = await this.store.checkpoints(this.projections);
    const known = new Map<string, boolean>();
    const statuses: ProjectionStatus[] = [];
    const strange: string[] = [];
    for (const [at, projection] of this.projections.entries()) {
      const checkpoint = checkpoints[at] as Checkpoint;
      const place = `${checkpoint.position} ${checkpoint.eventId}`;
      if (!known.has(place)) known.set(place, await isOfThisLog(this.events, checkpoint));
      const quarantined = new Set((await this.store.quarantined(projection)).keys());
      const stopped = known.get(place)
        ? undefined
        : `${nameOf(projection)} has seen event ${checkpoint.eventId} at ${checkpoint.position}, which is not in this log: it is another log or an older copy of it, and the read model needs a rebuild`;
      if (stopped !== undefined) strange.push(stopped);
      statuses.push({ projection, checkpoint, quarantined, ...(stopped !== undefined && { stopped }) });
    }
    // what comes from another log is left as it is; beside it, what was made anew goes on
    if (strange.length > 0 && (!this.kept.mayChange || strange.length === statuses.length)) throw new NeedsRebuild(strange[0]);
    return statuses;
  }

  private haveAllStopped(): boolean {
    const all = this.statuses.every(({ stopped }) => stopped !== undefined);
    if (all) this.report({ state: 'stopped', lag: 0, reason: 'no projection can go on' });
    return all;
  }

  private earliest(): Position {
    return earliest(this.statuses.filter(({ stopped }) => stopped === undefined).map(({ checkpoint }) => checkpoint.position));
  }

  private report({ state, lag, reason }: Pick<Progress, 'state' | 'lag' | 'reason'>): void {
    const stopped = this.statuses.flatMap((status) => (status.stopped === undefined ? [] : [[nameOf(status.projection), status.stopped]]));
    this.progress = {
      state,
      lag,
      position: this.earliest(),
      stopped: Object.fromEntries(stopped),
      quarantined: state === 'waiting' ? {} : this.quarantined(), // whoever projects knows by now
      ...(reason !== undefined && { reason }),
    };
    this.settings.report?.(this.progress);
  }

  private quarantined(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { projection, quarantined } of this.statuses) counts[projection.name] = (counts[projection.name] ?? 0) + quarantined.size;
    return counts;
  }
}
