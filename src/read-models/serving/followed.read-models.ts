import { LogReplaced } from '../../event-store/append.js';
import { type Position, START } from '../../event-store/event.js';
import type { EventStore, Page } from '../../event-store/event-store.js';
import { log } from '../../kernel/log.js';
import { pauseUnless } from '../../kernel/pause.js';
import type { HealthProblem } from '../../kernel/readiness.js';
import { StoreUnavailable } from '../../kernel/store-unavailable.js';
import { earliest } from '../projecting/earliest.js';
import { Folding, type Load, type ProjectionStatus } from '../projecting/fold.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import type { ReadModels, Stored } from '../read-models.js';

/** How far they may lag before the process should get no requests, in milliseconds (docs/design.md, "Reading"). */
const MOST_LAG = 5_000;
const PAGE = 5_000;
const AGAIN = 1_000;

/** Read models small enough to be held in memory by each process: loaded once, then folded from the log as it grows. */
export class FollowedReadModels {
  private readonly folding: Folding;
  private readonly filter: { readonly types: readonly string[] };
  private readonly memory = new Map<Projection, ReadonlyMap<string, unknown>>();
  /** Documents that had seen more than their projection when they were loaded. */
  private readonly ahead = new Map<Projection, ReadonlyMap<string, Position>>();
  private statuses: readonly ProjectionStatus[] = [];
  private position: Position = START;
  private stopping = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private readonly awaited: { readonly position: Position; readonly resolve: () => void }[] = [];
  private loaded = false;
  /** Those that were loaded. */
  private builds = '';
  /** Since when there is more in the log than was folded, by the monotonic clock. */
  private behindSince: number | undefined;
  private isLogAway = false;
  /** What is in memory is not of the log that is there now. */
  private replaced: string | undefined;
  /** Why the log cannot be followed, as it was said last. */
  private said: string | undefined;

  constructor(
    private readonly events: EventStore,
    private readonly readModels: ReadModels,
    private readonly projections: readonly Projection[],
    private readonly clock: () => number = () => performance.now(),
    private readonly lookEvery = AGAIN,
  ) {
    this.folding = new Folding(projections);
    this.filter = { types: this.folding.types };
  }

  /** Loads them and catches up with the log; follows it from then on. */
  async start(): Promise<void> {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    await this.load();
    let end = false;
    while (!end && !signal.aborted) {
      const page = await this.events.read(this.position, PAGE, this.filter);
      await this.take(page);
      end = page.end;
    }
    this.loaded = true;
    this.following = this.follow(signal);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** The documents of one of the read models given at first: the same map as long as none of them changes. */
  documents<Document>(readModel: ReadModel<Document>): ReadonlyMap<string, Document> {
    return (this.memory.get(readModel as Projection) ?? new Map()) as ReadonlyMap<string, Document>;
  }

  /** Resolves once all up to a position has been folded; at once when it has. */
  caughtUp(position: Position): Promise<void> {
    if (this.position >= position) return Promise.resolve();
    return new Promise((resolve) => this.awaited.push({ position, resolve }));
  }

  /** Why nothing should be shown or decided by them now; undefined when all is well. A log that does not answer answers nobody. */
  healthProblem(): HealthProblem | undefined {
    if (!this.loaded) return { scope: 'process', reason: 'is being loaded' };
    const stopped = this.statuses.find((status) => status.stopped !== undefined)?.stopped;
    if (stopped !== undefined) return { scope: 'everywhere', reason: stopped };
    if (this.replaced !== undefined) return { scope: 'everywhere', reason: this.replaced };
    const lag = this.behindSince === undefined ? 0 : this.clock() - this.behindSince;
    if (lag < MOST_LAG) return undefined;
    return { scope: this.isLogAway ? 'everywhere' : 'process', reason: `lags ${Math.round(lag / 1_000)} s behind` };
  }

  private async load(): Promise<void> {
    const builds = await this.readModels.builds(this.projections);
    const wholes = await Promise.all(this.projections.map((projection) => this.readModels.all(projection)));
    this.statuses = this.projections.map((projection, at) => {
      const { position = START, quarantined = new Set<string>(), documents, ahead } = wholes[at] ?? {};
      this.memory.set(projection, new Map(documents));
      this.ahead.set(projection, new Map(ahead));
      return { projection, checkpoint: { position }, quarantined };
    });
    this.position = earliest(wholes.map(({ position }) => position));
    this.builds = builds; // only now: when loading failed, it is tried again
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const others = this.untilOthersAreServed(signal);
      try {
        await this.events.subscribe(this.position, this.filter, (page) => this.take(page), others.signal);
        if (!signal.aborted) await this.load();
      } catch (error) {
        this.behindSince ??= this.clock();
        this.isLogAway = error instanceof StoreUnavailable;
        this.replaced = error instanceof LogReplaced ? error.message : undefined;
        const { message } = error as Error;
        if (message !== this.said) log.error({ err: error }, 'reference data could not follow the log and tries again until it can');
        this.said = message;
        await pauseUnless(signal, AGAIN);
      } finally {
        others.end();
      }
    }
  }

  /** A signal that comes with the other one, and when other builds are served: what is in memory may be what was cured. */
  private untilOthersAreServed(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
    const others = new AbortController();
    const looking = setInterval(async () => {
      try {
        if ((await this.readModels.builds(this.projections)) !== this.builds) others.abort();
      } catch (error) {
        log.warn({ err: error }, 'which read models are served cannot be told now');
      }
    }, this.lookEvery).unref();
    return { signal: AbortSignal.any([signal, others.signal]), end: () => clearInterval(looking) };
  }

  private async take(page: Page): Promise<void> {
    const { batches, statuses } = await this.folding.fold(this.statuses, page, this.known);
    for (const { projection, documents, quarantined } of batches) {
      if (documents.size > 0) this.memory.set(projection, changed(this.memory.get(projection), documents));
      for (const { key, error } of quarantined)
        log.error({ readModel: nameOf(projection), key, error }, 'a document of the reference data takes no more events');
    }
    this.statuses = statuses;
    this.position = page.position;
    this.isLogAway = false;
    this.replaced = undefined;
    this.said = undefined;
    for (const waiting of this.awaited.splice(0)) void this.caughtUp(waiting.position).then(waiting.resolve);
    if (page.end) this.behindSince = undefined;
    else this.behindSince ??= this.clock();
  }

  /** Copies, for pages read what is in memory. It has seen all up to where its projection stands, or as far as it had when it was loaded. */
  private readonly known: Load = async (projection, keys) => {
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
