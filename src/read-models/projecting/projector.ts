import { LogReplaced } from '../../event-store/append.js';
import { type Position, START } from '../../event-store/event.js';
import type { EventPage, EventStore } from '../../event-store/event-store.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { nameOf, type Projection } from '../projection.js';
import { type Checkpoint, type Lease, LeaseLost, type ProjectionStore } from '../read-models.js';
import { isOfThisLog } from '../serving/of-this-log.js';
import { BatchFold, type ProjectionStatus } from './batch-fold.js';
import { earliest } from './earliest.js';
import { type AssertStorable, storing } from './fold-document.js';
import { fixedBuilds, type MaintainedBuilds } from './maintained-builds.js';
import { whileLeaseHeld } from './while-lease-held.js';

/** Heartbeats after which a projector looks whether the places of documents are still there. */
const LOOK_EVERY = 10;

export const PROJECTOR_STATES = ['starting', 'waiting', 'catching-up', 'live', 'stopped', 'needs-rebuild', 'failed'] as const;

/**
 * starting; waiting (another process holds the lease); catching-up; live; stopped (every projection is stopped);
 * needs-rebuild (the read models come from another log); failed (it died, and is restarted).
 */
export type ProjectorState = (typeof PROJECTOR_STATES)[number];

/** The projector's progress, for its supervisor. */
export interface ProjectorProgress {
  readonly state: ProjectorState;
  /** The earliest checkpoint of the projections that are not stopped. */
  readonly position: Position;
  /** Milliseconds since the last event folded was recorded while more are waiting; 0 at the end of the log. */
  readonly lag: number;
  /** Why, where the state needs a reason. */
  readonly reason?: string;
  /** By name, why a projection is stopped while others go on. */
  readonly stopped: Readonly<Record<string, string>>;
  /** By read model, how many documents of all its builds are in quarantine. */
  readonly quarantined: Readonly<Record<string, number>>;
}

export interface ProjectorSettings {
  /** Unique for each projector, also among those of one process. */
  readonly holder: string;
  readonly report?: (progress: ProjectorProgress) => void;
  /** Events in one batch while catching up. */
  readonly batch?: number;
  /** Milliseconds; far less than LEASE_TIMEOUT. */
  readonly heartbeatInterval?: number;
  /** The builds to maintain, where they can change; by default the given projections. */
  readonly builds?: MaintainedBuilds;
}

/** The log does not hold a checkpoint's event: the read models are not of this log. */
class NeedsRebuild extends Error {
  override readonly name = 'NeedsRebuild';
}

/** Catches the read models up with the log and keeps them there; a lease makes it the only one. */
export class Projector {
  private readonly builds: MaintainedBuilds;
  private projections: readonly Projection[] = [];
  private folding = new BatchFold([]);
  private readonly batch: number;
  private readonly heartbeatInterval: number;
  private statuses: readonly ProjectionStatus[] = [];
  private progress: ProjectorProgress = { state: 'starting', position: START, lag: 0, stopped: {}, quarantined: {} };

  constructor(
    private readonly events: EventStore,
    private readonly store: ProjectionStore,
    projections: readonly Projection[],
    private readonly settings: ProjectorSettings,
  ) {
    this.builds = settings.builds ?? fixedBuilds(projections);
    this.batch = settings.batch ?? 2_000; // larger ones are not faster: what they hold outlives the young generation
    this.heartbeatInterval = settings.heartbeatInterval ?? 1_000;
  }

  /**
   * Projects until the signal; the batch in hand is written first. Also ends, with the state and its reason reported, when a rebuild
   * is needed or every projection is stopped. Releases the lease in any case.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted && this.canContinue()) {
        const lease = await this.store.lease(this.settings.holder);
        if (lease) {
          await this.projectUnderLease(lease, signal);
          while (!signal.aborted && !this.canContinue() && this.builds.mayChange) await this.waitForOtherBuilds(signal);
        } else {
          this.report({ state: 'waiting', lag: 0 });
          await abortableDelay(signal, this.heartbeatInterval);
        }
      }
    } finally {
      await this.store.release(this.settings.holder);
    }
  }

  /** Waits until an operator has builds rebuilt or brings the right log back. */
  private async waitForOtherBuilds(signal: AbortSignal): Promise<void> {
    await abortableDelay(signal, this.heartbeatInterval);
    await this.store.lease(this.settings.holder);
    if ((await this.builds.hasChanged()) || (await this.isOwnLogBack())) this.report({ state: 'starting', lag: 0 });
  }

  private async isOwnLogBack(): Promise<boolean> {
    if (this.progress.state !== 'needs-rebuild') return false;
    try {
      await this.loadStatuses();
      return true;
    } catch (error) {
      if (error instanceof NeedsRebuild || error instanceof StoreUnavailable) return false;
      throw error;
    }
  }

  private canContinue(): boolean {
    return this.progress.state !== 'needs-rebuild' && this.progress.state !== 'stopped';
  }

  /** Projects while this process holds the lease. */
  private async projectUnderLease(lease: Lease, signal: AbortSignal): Promise<void> {
    let beats = 0;
    const held = async () => {
      if ((await this.store.lease(this.settings.holder))?.fence !== lease.fence || (await this.builds.hasChanged())) return false;
      // where nothing is recorded, no write finds that documents are lost
      return ++beats % LOOK_EVERY !== 0 || (await this.store.isAsLeft(this.projections));
    };
    try {
      await whileLeaseHeld(held, this.heartbeatInterval, signal, (over, end) => this.project(lease, over, end));
    } catch (error) {
      if (error instanceof LeaseLost) return;
      const fault = error instanceof LogReplaced ? await this.faultAtStart(error) : error;
      if (!(fault instanceof NeedsRebuild)) throw fault;
      this.report({ state: 'needs-rebuild', lag: 0, reason: fault.message });
    }
  }

  /** The error that a projector starting now would report for a log that was replaced meanwhile. */
  private async faultAtStart(error: LogReplaced): Promise<unknown> {
    try {
      await this.loadStatuses();
      return error;
    } catch (found) {
      return found instanceof LogReplaced ? new NeedsRebuild(found.message) : found;
    }
  }

  private async project(lease: Lease, signal: AbortSignal, end: () => void): Promise<void> {
    this.projections = await this.builds.load();
    this.folding = new BatchFold(this.projections);
    await this.store.prepare(this.projections);
    this.statuses = await this.loadStatuses();
    let position = this.earliestPosition();
    this.report({ state: 'catching-up', lag: 0 });
    while (!signal.aborted) {
      const page = await this.events.read(position, this.batch);
      await this.applyPage(lease, page);
      if (this.haveAllStopped()) return;
      position = page.position;
      if (page.end) break;
    }
    if (signal.aborted) return;
    if (await this.builds.whenAligned(lease, this.statuses)) return;
    this.report({ state: 'live', lag: 0 });
    const handle = async (page: EventPage) => {
      await this.applyPage(lease, page);
      if (this.haveAllStopped()) end();
    };
    await this.events.subscribe(position, undefined, handle, signal);
  }

  private async applyPage(lease: Lease, page: EventPage): Promise<void> {
    const assertStorable: AssertStorable = (projection, document) => this.store.assertStorable(projection, document);
    this.statuses = await storing(assertStorable, async (asserting) => {
      const { batches, statuses } = await this.folding.fold(this.statuses, page, (projection, keys) => this.store.load(projection, keys), asserting);
      if (batches.length > 0) await this.store.write(lease, batches);
      return statuses;
    });
    const last = page.events.at(-1);
    const lag = page.end || !last ? 0 : Math.max(0, Date.now() - Date.parse(last.recordedAt));
    this.report({ state: this.progress.state, lag });
  }

  /** @throws NeedsRebuild when a checkpoint is of another log, or of a later state of this one */
  private async loadStatuses(): Promise<readonly ProjectionStatus[]> {
    const checkpoints = await this.store.checkpoints(this.projections);
    const known = new Map<string, boolean>();
    const statuses: ProjectionStatus[] = [];
    const stops: string[] = [];
    for (const [at, projection] of this.projections.entries()) {
      const checkpoint = checkpoints[at] as Checkpoint;
      const place = `${checkpoint.position} ${checkpoint.eventId}`;
      if (!known.has(place)) known.set(place, await isOfThisLog(this.events, checkpoint));
      const quarantined = new Set((await this.store.quarantined(projection)).keys());
      const stopped = known.get(place)
        ? undefined
        : `${nameOf(projection)} 看过的事件 ${checkpoint.eventId}（位置 ${checkpoint.position}）不在这份日志里：日志是另一份，或是较旧的副本，这个读模型要重建`;
      if (stopped !== undefined) stops.push(stopped);
      statuses.push({ projection, checkpoint, quarantined, ...(stopped !== undefined && { stopped }) });
    }
    // builds of another log stay as they are; rebuilt ones go on
    if (stops.length > 0 && (!this.builds.mayChange || stops.length === statuses.length)) throw new NeedsRebuild(stops[0]);
    return statuses;
  }

  private haveAllStopped(): boolean {
    const all = this.statuses.every(({ stopped }) => stopped !== undefined);
    if (all) this.report({ state: 'stopped', lag: 0, reason: '没有读模型能继续处理事件' });
    return all;
  }

  private earliestPosition(): Position {
    return earliest(this.statuses.filter(({ stopped }) => stopped === undefined).map(({ checkpoint }) => checkpoint.position));
  }

  private report({ state, lag, reason }: Pick<ProjectorProgress, 'state' | 'lag' | 'reason'>): void {
    const stopped = this.statuses.flatMap((status) => (status.stopped === undefined ? [] : [[nameOf(status.projection), status.stopped]]));
    this.progress = {
      state,
      lag,
      position: this.earliestPosition(),
      stopped: Object.fromEntries(stopped),
      quarantined: state === 'waiting' ? {} : this.quarantined(), // only the lease's holder knows
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
