import { type Position, START } from '../../event-store/event.js';
import { buildCondition } from '../build-condition.js';
import type { BuildStore } from '../build-store.js';
import { underBorrowedLease } from '../projecting/borrowed-lease.js';
import type { Projection } from '../projection.js';
import type { Checkpoint, ExpectedDocument, ProjectionStore } from '../read-models.js';
import { type DocumentEvents, isFoundBySubject, readEventsOf } from '../rebuilding/document-events.js';
import { type Part, PartitionFold } from '../rebuilding/partition-fold.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { BadChange } from '../registry.js';
import { compareDocuments } from './compare-documents.js';
import { type DifferingDocuments, DifferingTally } from './differing.js';
import { assertHasPlace, problemOfAnotherLog } from './problems.js';
import { writeExpected } from './write-expected.js';

/** What some documents are compared and refolded with. */
export interface RefoldPorts extends DocumentEvents {
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
}

/** Some documents of a build beside what their events come to. */
export interface ComparedDocuments {
  /** Stored documents that were compared, tombstones apart. */
  readonly documents: number;
  readonly found: DifferingDocuments;
  /** Keys of which nothing is stored and no event is known. */
  readonly unknown: readonly string[];
}

export interface RefoldedDocuments extends ComparedDocuments {
  /** Keys of documents that were written anew. */
  readonly written: readonly string[];
}

export interface RefoldOptions {
  readonly signal?: AbortSignal;
  /** Receives how many documents are done. */
  readonly progress?: (documents: number) => void;
}

/** Documents of candidates that are folded together. */
const PIECE = 1_000;
/** Of others, whose events are found by reading the log: each piece reads it once. */
const PIECE_BY_LOG = 20_000;
const NEVER = new AbortController().signal;

/** Compares some documents of a build with what their events come to. Nothing is written. */
export async function compareSome(target: Target, keys: readonly string[], ports: RefoldPorts, options: RefoldOptions = {}): Promise<ComparedDocuments> {
  return new Some(target, ports, options).compare(keys);
}

/**
 * Folds some documents of a build anew from their events as far as the build has seen the log, and writes those that are not what they
 * should be, or are in quarantine, under the projector's lease. Of candidates only their own events are read.
 * @throws StoreUnavailable, LeaseLost, BadChange for a build of another log or without a place, and the signal's reason
 */
export async function refoldSome(target: Target, keys: readonly string[], ports: RefoldPorts, options: RefoldOptions = {}): Promise<RefoldedDocuments> {
  return new Some(target, ports, options).refold(keys);
}

/** @throws BadChange where nothing can be said of the documents of a build */
async function assertRefoldable(target: Target, { events, builds, store }: RefoldPorts): Promise<void> {
  const { build, projection } = target;
  const [checkpoint] = (await store.checkpoints([projection])) as [Checkpoint];
  const { condition } = await buildCondition(projection, build, checkpoint, await events.head(), events);
  await assertHasPlace(target, builds);
  if (condition !== 'needs-rebuild') return;
  const { says, cure } = problemOfAnotherLog(build);
  throw new BadChange(says, cure);
}

class Some {
  private readonly projection: Projection;
  private readonly tally = new DifferingTally();
  private readonly unknown: string[] = [];
  private readonly signal: AbortSignal;

  constructor(
    private readonly target: Target,
    private readonly ports: RefoldPorts,
    private readonly options: RefoldOptions,
  ) {
    this.projection = target.projection;
    this.signal = options.signal ?? NEVER;
  }

  async compare(keys: readonly string[]): Promise<ComparedDocuments> {
    await this.eachPiece(keys, async (piece, bySubject) => {
      await this.differingOf(piece, bySubject);
    });
    return this.compared();
  }

  async refold(keys: readonly string[]): Promise<RefoldedDocuments> {
    const written: string[] = [];
    await this.eachPiece(keys, async (piece, bySubject) => {
      const differing = await this.differingOf(piece, bySubject);
      if (differing.length > 0) written.push(...(await this.repair(differing, bySubject)));
    });
    return { ...this.compared(), written };
  }

  private async eachPiece(keys: readonly string[], work: (piece: readonly string[], bySubject: boolean) => Promise<void>): Promise<void> {
    await assertRefoldable(this.target, this.ports);
    const distinct = [...new Set(keys)];
    const bySubject = await isFoundBySubject(this.projection, distinct[0], this.ports);
    const size = bySubject ? PIECE : PIECE_BY_LOG;
    for (let from = 0; from < distinct.length; from += size) {
      this.signal.throwIfAborted();
      await work(distinct.slice(from, from + size), bySubject);
      this.options.progress?.(Math.min(from + size, distinct.length));
    }
  }

  /** Compares a piece; answers the keys of those that differ or are in quarantine. */
  private async differingOf(keys: readonly string[], bySubject: boolean): Promise<readonly string[]> {
    const { builds, store } = this.ports;
    // before any document is read: whatever the checkpoint says was seen, the documents have seen
    const [{ position: seen }] = (await store.checkpoints([this.projection])) as [Checkpoint];
    const waiting = await store.quarantined(this.projection);
    const stored = await builds.find(this.projection, keys);
    const upTo = [...stored.values()].map(({ position }) => position).reduce(later, seen);
    const seenBy = (_: number, key: string) => stored.get(key)?.position ?? (waiting.has(key) ? START : seen);
    const fold = await this.fold(keys, bySubject, { bounds: [upTo], upTo: seenBy, seen: [seen] });
    // one that was let out of quarantine meanwhile is compared the next time
    const quarantined = new Set([...waiting.keys(), ...(await store.quarantined(this.projection)).keys()]);
    const piece = new DifferingTally();
    compareDocuments(this.projection, { stored, folded: fold.of(0), late: fold.behind(0), quarantined }, piece);
    const compared = piece.compared();
    this.tally.take(compared);
    this.unknown.push(...keys.filter((key) => !stored.has(key) && !fold.of(0).has(key) && !quarantined.has(key)));
    return [...new Set([...compared.differing.map(({ key }) => key), ...keys.filter((key) => waiting.has(key))])];
  }

  private repair(keys: readonly string[], bySubject: boolean): Promise<readonly string[]> {
    return underBorrowedLease(this.ports, this.signal, async (lease) => {
      const [{ position }] = (await this.ports.store.checkpoints([this.projection])) as [Checkpoint];
      const fold = await this.fold(keys, bySubject, { bounds: [position] });
      const faults = new Map(fold.quarantined(0).map(({ key, ...fault }) => [key, fault]));
      const expectedOf = (key: string): ExpectedDocument => {
        const fault = faults.get(key);
        return { stored: fold.of(0).get(key), ...(fault && { fault }) };
      };
      return writeExpected(this.target, new Map(keys.map((key) => [key, expectedOf(key)])), lease, this.ports.store);
    });
  }

  private async fold(keys: readonly string[], bySubject: boolean, part: Omit<Part, 'isIncluded'>): Promise<PartitionFold> {
    const wanted = new Set(keys);
    const fold = new PartitionFold([this.projection], { ...part, isIncluded: (key) => wanted.has(key) });
    const reading = { keys, bySubject, upTo: part.bounds[0], signal: this.signal };
    await readEventsOf(this.projection, this.ports, reading, (event) => fold.take(event));
    return fold;
  }

  private compared(): ComparedDocuments {
    return { documents: this.tally.documents, found: this.tally.found(), unknown: this.unknown };
  }
}

function later(one: Position, other: Position): Position {
  return one > other ? one : other;
}
