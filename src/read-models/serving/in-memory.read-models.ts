import { LogReplaced } from '../../event-store/append.js';
import { type Position, START } from '../../event-store/event.js';
import type { EventPage, EventStore } from '../../event-store/event-store.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { log } from '../../kernel/log.js';
import type { HealthProblem } from '../../kernel/readiness.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { BatchFold, type Load, type ProjectionStatus } from '../projecting/batch-fold.js';
import { earliest } from '../projecting/earliest.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import type { ReadModels, Stored } from '../read-models.js';

/** Lag in milliseconds from which the process should get no requests (docs/design.md, "Reading"). */
const MAX_LAG = 5_000;
const PAGE = 5_000;
const RETRY_DELAY = 1_000;

/** Reference data that each process holds in memory: loaded from the read models once, then folded from the log's subscription. */
export class InMemoryReadModels {
  private readonly folding: BatchFold;
  private readonly filter: { readonly types: readonly string[] };
  private readonly memory = new Map<Projection, ReadonlyMap<string, unknown>>();
  /** Positions of documents that had seen more than their checkpoint when they were loaded. */
  private readonly ahead = new Map<Projection, ReadonlyMap<string, Position>>();
  private statuses: readonly ProjectionStatus[] = [];
  private position: Position = START;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private readonly waiters: { readonly position: Position; readonly resolve: () => void }[] = [];
  private loaded = false;
  /** The served builds that were loaded. */
  private builds = '';
  /** Since when events wait to be folded, by the monotonic clock. */
  private behindSince: number | undefined;
  private isLogUnavailable = false;
  /** Set when the documents in memory come from another log than the current one. */
  private replaced: string | undefined;
  /** The last logged reason why the log cannot be followed. */
  private lastLogged: string | undefined;

  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly projections: readonly Projection[],
    private readonly clock: () => number = () => performance.now(),
    private readonly lookEvery = RETRY_DELAY,
  ) {
    this.folding = new BatchFold(projections);
    this.filter = { types: this.folding.types };
  }

  /** Loads the documents and catches up with the log; subscribes to it from then on. */
  async start(): Promise<void> {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    await this.load();
    let end = false;
    while (!end && !signal.aborted) {
      const page = await this.events.read(this.position, PAGE, this.filter);
      await this.applyPage(page);
      end = page.end;
    }
    this.loaded = true;
    this.following = this.follow(signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** The documents of one of the read models; the same map object as long as none of them changes. */
  documents<Document>(readModel: ReadModel<Document>): ReadonlyMap<string, Document> {
    return (this.memory.get(readModel as Projection) ?? new Map()) as ReadonlyMap<string, Document>;
  }

  /** Resolves once all up to a position has been folded; at once when it has. */
  caughtUp(position: Position): Promise<void> {
    if (this.position >= position) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ position, resolve }));
  }

  /** Why nothing should be shown or decided by them now; undefined when all is well. An unavailable log is a problem of all processes. */
  healthProblem(): HealthProblem | undefined {
    if (!this.loaded) return { scope: 'process', reason: '正在载入' };
    const stopped = this.statuses.find((status) => status.stopped !== undefined)?.stopped;
    if (stopped !== undefined) return { scope: 'everywhere', reason: stopped };
    if (this.replaced !== undefined) return { scope: 'everywhere', reason: this.replaced };
    const lag = this.behindSince === undefined ? 0 : this.clock() - this.behindSince;
    if (lag < MAX_LAG) return undefined;
    return { scope: this.isLogUnavailable ? 'everywhere' : 'process', reason: `落后 ${Math.round(lag / 1_000)} 秒` };
  }

  private async load(): Promise<void> {
    const builds = await this.readModels.servedBuilds(this.projections);
    const snapshots = await Promise.all(this.projections.map((projection) => this.readModels.all(projection)));
    this.statuses = this.projections.map((projection, at) => {
      const { position = START, quarantined = new Set<string>(), documents, ahead } = snapshots[at] ?? {};
      this.memory.set(projection, new Map(documents));
      this.ahead.set(projection, new Map(ahead));
      return { projection, checkpoint: { position }, quarantined };
    });
    this.position = earliest(snapshots.map(({ position }) => position));
    this.builds = builds; // only now: when loading failed, it is tried again
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const others = this.untilOtherBuildsServed(signal);
      try {
        await this.events.subscribe(this.position, this.filter, (page) => this.applyPage(page), others.signal);
        if (!signal.aborted) await this.load();
      } catch (error) {
        this.behindSince ??= this.clock();
        this.isLogUnavailable = error instanceof StoreUnavailable;
        this.replaced = error instanceof LogReplaced ? error.message : undefined;
        const { message } = error as Error;
        if (message !== this.lastLogged) log.error({ err: error }, 'reference data could not follow the log and tries again until it can');
        this.lastLogged = message;
        await abortableDelay(signal, RETRY_DELAY);
      } finally {
        others.end();
      }
    }
  }

  /** A signal that is aborted with the given one, and when other builds are served: those may repair what is in memory. */
  private untilOtherBuildsServed(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
    const others = new AbortController();
    const looking = setInterval(async () => {
      try {
        if ((await this.readModels.servedBuilds(this.projections)) !== this.builds) others.abort();
      } catch (error) {
        log.warn({ err: error }, 'which read models are served cannot be told now');
      }
    }, this.lookEvery).unref();
    return { signal: AbortSignal.any([signal, others.signal]), end: () => clearInterval(looking) };
  }

  private async applyPage(page: EventPage): Promise<void> {
    const { batches, statuses } = await this.folding.fold(this.statuses, page, this.loadFromMemory);
    for (const { projection, documents, quarantined } of batches) {
      if (documents.size > 0) this.memory.set(projection, changed(this.memory.get(projection), documents));
      for (const { key, error } of quarantined)
        log.error({ readModel: nameOf(projection), key, error }, 'a document of the reference data takes no more events');
    }
    this.statuses = statuses;
    this.position = page.position;
    this.isLogUnavailable = false;
    this.replaced = undefined;
    this.lastLogged = undefined;
    for (const waiting of this.waiters.splice(0)) void this.caughtUp(waiting.position).then(waiting.resolve);
    if (page.end) this.behindSince = undefined;
    else this.behindSince ??= this.clock();
  }

  /** Copies, because pages read the originals. A document's position is its projection's checkpoint, or its own if that was ahead when loaded. */
  private readonly loadFromMemory: Load = async (projection, keys) => {
    const [memory, ahead] = [this.memory.get(projection), this.ahead.get(projection)];
    const status = this.statuses.find((each) => each.projection === projection)?.checkpoint.position ?? START;
    return new Map(
      keys.map((key) => {
        const seen = ahead?.get(key) ?? START;
        return [key, { position: seen > status ? seen : status, document: structuredClone(memory?.get(key) ?? null) }];
      }),
    );
  };
}

function changed(before: ReadonlyMap<string, unknown> | undefined, changes: ReadonlyMap<string, Stored>): ReadonlyMap<string, unknown> {
  const after = new Map(before);
  for (const [key, { document }] of changes) {
    if (document === null) after.delete(key);
    else after.set(key, document);
  }
  return after;
}
