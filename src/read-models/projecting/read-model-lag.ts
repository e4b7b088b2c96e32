import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { withoutTimeBudget } from '../../event-store/time-budget.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import type { HealthProblem } from '../../kernel/readiness.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { type BuildCondition, type Condition, isServedMissing, servedCondition } from '../build-condition.js';
import type { BuildStore } from '../build-store.js';
import type { Projection, ReadModel } from '../projection.js';
import type { ReadModels } from '../read-models.js';
import { TimeLeft } from '../rebuilding/time-left.js';
import type { Registry } from '../registry.js';
import { waitForPosition } from '../serving/wait-for-position.js';
import { errorMessage } from './event-routing.js';

/** Milliseconds between two checks. */
const POLL_INTERVAL = 1_000;
/** Milliseconds after which each is looked at by itself, although all together are at the log's end: one may have seen another log. */
const LOOK_AT_EACH = 10_000;
/** Milliseconds that a read model may lag before pages and health checks say so: a working projector is far faster. */
const TOLERATED_LAG = 2_000;
/** A read model that has not advanced for so many milliseconds, while another has caught up, is stuck. */
const STUCK_AFTER = 10_000;
/** How long a start waits for read models that have nearly caught up, in milliseconds. */
const START_GRACE = 1_000;
const START_POLL_INTERVAL = 50;
/** How long a process is not ready because of a first build, in milliseconds: that of a small log ends meanwhile, that of a large one takes minutes. */
const FIRST_BUILD_GRACE = 10_000;

/** What readiness says of conditions that all processes share. */
const NOT_LIVE: Readonly<Record<Condition, string>> = {
  live: '已到日志末尾',
  behind: '落后于日志',
  'first-build': '正在第一次由日志建立',
  stopped: '停住了',
  'needs-rebuild': '需要重建，看过的事件不在这份日志里（日志是另一份，或是较旧的副本）',
  missing: '正在使用的版本没有登记，或者文档表不存在',
};

/** The position of a read model at the last check. Times are milliseconds of the monotonic clock. */
interface ObservedPosition {
  readonly position: Position;
  readonly movedAt: number;
  /** The log's end at the time `since`, which it had not reached then or has just reached. */
  readonly target: Position;
  readonly since: number;
  /** Whether it has reached an end of the log since the start. */
  readonly caughtUp: boolean;
}

/** The lag of the read models that pages read, checked every second: a serving process does not project itself. */
export class ReadModelLag {
  private readonly observed = new Map<string, ObservedPosition>();
  /** Read models whose served build has a problem that all processes share. */
  private readonly notLive = new Map<string, BuildCondition>();
  private readonly timeLeft: TimeLeft;
  private lookedAtEach = Number.NEGATIVE_INFINITY;
  private pendingCheck: Promise<void> | undefined;
  private unknownReason: string | undefined;
  private started = false;
  private startedAt = Number.NEGATIVE_INFINITY;
  private caughtUp = false;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();

  /**
   * @param builds which build of each is served
   * @param projections all that pages read
   * @param cannotMove whether no process can write them now, as on a full disk: then none is ahead of this one
   */
  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly builds: Pick<BuildStore, 'registry'>,
    private readonly projections: readonly Projection[],
    private readonly clock: () => number = () => performance.now(),
    private readonly cannotMove: () => boolean = () => false,
  ) {
    this.timeLeft = new TimeLeft(events, clock);
  }

  /** Resolves after the first check; checks every second from then on. */
  async start(): Promise<void> {
    this.started = true;
    this.startedAt = this.clock();
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    const nearly = AbortSignal.any([signal, AbortSignal.timeout(START_GRACE)]);
    await this.check();
    while ((!this.caughtUp || this.isFirstBuild()) && !nearly.aborted) {
      await abortableDelay(nearly, START_POLL_INTERVAL);
      await this.check();
    }
    this.following = this.follow(signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /**
   * Seconds after which to retry when one of these lags, since the start or for longer than is tolerated; undefined when none does.
   */
  behind(readModels: readonly ReadModel<unknown>[]): number | undefined {
    const isLate = ({ name }: ReadModel<unknown>) => {
      const mark = this.observed.get(name);
      return this.notLive.has(name) || (mark !== undefined && this.isLate(mark));
    };
    return readModels.some(isLate) ? this.timeLeft.seconds : undefined;
  }

  /** Seconds as `behind` gives them, whether anything is known to be behind or not. */
  get secondsLeft(): number {
    return this.timeLeft.seconds;
  }

  /** Waits until these have seen all that is in the log now; false after `withinMs` milliseconds, or when the log is unavailable. */
  async refreshUntilCaughtUp(projections: readonly Projection[], withinMs: number): Promise<boolean> {
    try {
      return await waitForPosition(this.readModels, projections, await this.events.head(), withinMs);
    } catch (error) {
      if (error instanceof StoreUnavailable) return false;
      throw error;
    }
  }

  /** Why a proxy should prefer other processes, or what all of them lack; undefined when nothing is behind. */
  healthProblem(): HealthProblem | undefined {
    if (!this.started) return undefined;
    const notLive = this.unknownReason === undefined ? this.notLiveReasons() : [];
    if (notLive.length > 0) {
      const mayEndSoon = this.isFirstBuild() && this.clock() - this.startedAt < FIRST_BUILD_GRACE;
      return { scope: mayEndSoon ? 'process' : 'everywhere', reason: notLive.join('；') };
    }
    const scope = this.cannotMove() ? 'everywhere' : 'process';
    if (!this.caughtUp) return { scope, reason: this.unknownReason ?? `启动以来还没有跟上日志：${this.lateNames().join('、')}` };
    if (this.unknownReason !== undefined) return { scope: 'everywhere', reason: this.unknownReason };
    const late = this.lateNames();
    return late.length > 0 ? { scope: 'everywhere', reason: `${NOT_LIVE.behind}：${late.join('、')}` } : undefined;
  }

  /** A check that delays nobody for long. */
  async checkWhileUnknown(): Promise<void> {
    if (this.started) await Promise.race([this.check(), pause(START_GRACE)]);
  }

  /** Concurrent callers share one check. */
  private check(): Promise<void> {
    this.pendingCheck ??= withoutTimeBudget(() => this.checkOnce()).finally(() => {
      this.pendingCheck = undefined;
    });
    return this.pendingCheck;
  }

  /** A stuck read model is not waited for while others have caught up: it would be stuck in every process. */
  private hasCaughtUp(): boolean {
    const marks = [...this.observed].filter(([name]) => !this.notLive.has(name)).map(([, mark]) => mark);
    if (marks.length > 0 && !marks.some(({ caughtUp }) => caughtUp)) return false;
    return marks.every(({ caughtUp, movedAt }) => caughtUp || this.clock() - movedAt >= STUCK_AFTER);
  }

  private isFirstBuild(): boolean {
    return [...this.notLive.values()].some(({ condition }) => condition === 'first-build');
  }

  /** Problems of served builds that all processes have. */
  private notLiveReasons(): readonly string[] {
    return [...Map.groupBy(this.notLive, ([, { condition, reason }]) => NOT_LIVE[condition] + (reason === undefined ? '' : `（${reason}）`))].map(
      ([says, those]) => `${says}：${those.map(([name]) => name).join('、')}`,
    );
  }

  private lateNames(): readonly string[] {
    return this.projections
      .map(({ name }) => name)
      .filter((name) => {
        const mark = this.observed.get(name);
        return !mark || this.isLate(mark);
      });
  }

  private isLate({ position, target, since, caughtUp }: ObservedPosition): boolean {
    return position < target && (!caughtUp || this.clock() - since >= TOLERATED_LAG);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await abortableDelay(signal, POLL_INTERVAL);
      if (!signal.aborted) await this.check();
    }
  }

  private async checkOnce(): Promise<void> {
    try {
      const head = await this.events.head();
      const registry = await this.builds.registry();
      const missing = this.projections.filter(({ name }) => isServedMissing(registry, name));
      for (const { name } of missing) this.notLive.set(name, { condition: 'missing' });
      const there = this.projections.filter((projection) => !missing.includes(projection));
      const earliest = await this.look(there, registry, head);
      this.caughtUp ||= this.hasCaughtUp();
      this.timeLeft.update(earliest, head);
      this.unknownReason = undefined;
    } catch (error) {
      this.unknownReason = `无法知道读模型进行到哪里：${errorMessage(error)}`;
    }
  }

  /** Looks at each; all of them together where all have come to the log's end. Answers the earliest position. */
  private async look(projections: readonly Projection[], registry: Registry, head: Position): Promise<Position> {
    const earliest = await this.readModels.checkpoint(projections);
    const isDue = this.clock() - this.lookedAtEach >= LOOK_AT_EACH;
    if (!isDue && earliest.position === head && (await this.readModels.withoutPlace(projections)).length === 0) {
      for (const { name } of projections) this.mark(name, head, head);
      for (const { name } of projections) this.notLive.delete(name);
      return head;
    }
    this.lookedAtEach = this.clock();
    for (const projection of projections) {
      const { name } = projection;
      const condition = await servedCondition(name, this.projections, registry, this.readModels, head, this.events);
      if (condition.condition === 'live' || condition.condition === 'behind') this.notLive.delete(name);
      else this.notLive.set(name, condition);
      this.mark(name, condition.position, head);
    }
    return earliest.position;
  }

  private mark(name: string, position: Position, head: Position): void {
    const now = this.clock();
    const before = this.observed.get(name);
    const movedAt = before?.position === position ? before.movedAt : now;
    const reached = position >= (before?.target ?? head);
    const { target, since } = before && !reached ? before : { target: head, since: now };
    // one that goes back is made anew, and lacks what it had until it has caught up again
    const caughtUp = reached || ((before?.caughtUp ?? false) && position >= (before?.position ?? position));
    this.observed.set(name, { position, movedAt, target, since, caughtUp });
  }
}
