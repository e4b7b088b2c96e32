import { type Position, START } from '../../event-store/event.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import type { BuildStore, Pair } from '../build-store.js';
import { earliest } from '../projecting/earliest.js';
import { nameOf, type Projection } from '../projection.js';
import type { ProjectionStore } from '../read-models.js';
import { type Difference, DifferenceTally, type EachDifferent } from './difference-tally.js';

export interface DifferencePorts {
  readonly builds: Pick<BuildStore, 'unequal'>;
  readonly store: Pick<ProjectionStore, 'checkpoints' | 'load' | 'quarantined'>;
}

export interface DifferenceOptions {
  readonly signal?: AbortSignal;
  /** Receives how many documents were compared. */
  readonly progress?: (documents: number) => void;
  /** Receives each document that differs, not only those that are shown as examples. */
  readonly each?: EachDifferent;
  /** Milliseconds, in all, to wait for documents that are being changed. */
  readonly timeout?: number;
}

const TIMEOUT = 10_000;
const RETRY_DELAY = 50;
const NEVER = new AbortController().signal;

/**
 * Compares two builds document by document, as JSON without regard to key order; tombstones are no documents. Two documents are
 * compared once both have seen the same events. Memory does not grow with the number of documents.
 * @throws StoreUnavailable, and the signal's reason
 */
export async function difference(one: Projection, other: Projection, ports: DifferencePorts, options: DifferenceOptions = {}): Promise<Difference> {
  const { signal = NEVER, progress, each, timeout = TIMEOUT } = options;
  const tally = new DifferenceTally(each);
  const both = new BuildPair(one, other, ports);
  let left = timeout;
  let compared = 0;
  let after: string | undefined;
  do {
    signal.throwIfAborted();
    const seen = await both.checkpoint();
    const page = await ports.builds.unequal(one, other, after);
    const tallied = ({ key, one: was, other: is }: Pair) => tally.add(key, was?.document, is?.document);
    let moving: readonly Pair[] = page.pairs.filter((pair) => !isSettled(pair, seen));
    for (const pair of page.pairs) if (isSettled(pair, seen)) tallied(pair);
    for (let waits = false; moving.length > 0; waits = true) {
      if (waits) {
        if (left <= 0) break;
        await abortableDelay(signal, RETRY_DELAY);
        signal.throwIfAborted();
        left -= RETRY_DELAY;
      }
      const reread = await both.read(moving.map(({ key }) => key));
      for (const pair of reread.settled) tallied(pair);
      moving = reread.moving;
    }
    for (const { key } of moving) tally.move(key);
    compared += page.looked;
    progress?.(compared);
    after = page.next;
  } while (after !== undefined);
  const newlyQuarantined = await both.newlyQuarantined();
  for (const key of newlyQuarantined) each?.('quarantined', key);
  return { one: nameOf(one), other: nameOf(other), compared, ...tally.result(), newlyQuarantined };
}

/** Whether nothing at all was found. */
export function isNone({ added, removed, changed, moving, newlyQuarantined }: Difference): boolean {
  return added.documents + removed.documents + changed.documents + moving.documents + newlyQuarantined.length === 0;
}

/** False for a missing document: a page of pairs does not tell whether it was removed, and at which position. */
function isSettled({ one, other }: Pair, seen: Position): boolean {
  return one !== undefined && other !== undefined && one.position <= seen && other.position <= seen;
}

class BuildPair {
  constructor(
    private readonly one: Projection,
    private readonly other: Projection,
    private readonly ports: DifferencePorts,
  ) {}

  /** Up to where both have seen the log, whatever is read of them from now on. */
  async checkpoint(): Promise<Position> {
    return earliest((await this.ports.store.checkpoints([this.one, this.other])).map(({ position }) => position));
  }

  /** The documents of some keys as they are now, tombstones with their positions: those that can be compared, and the others. */
  async read(keys: readonly string[]): Promise<{ readonly settled: readonly Pair[]; readonly moving: readonly Pair[] }> {
    const seen = await this.checkpoint();
    const [ones, others] = [await this.ports.store.load(this.one, keys), await this.ports.store.load(this.other, keys)];
    const pairs = keys.map((key): Pair => ({ key, one: ones.get(key), other: others.get(key) }));
    const isLate = ({ one, other }: Pair) => (one?.position ?? START) > seen || (other?.position ?? START) > seen;
    return { settled: pairs.filter((pair) => !isLate(pair)), moving: pairs.filter(isLate) };
  }

  async newlyQuarantined(): Promise<readonly string[]> {
    const before = await this.ports.store.quarantined(this.one);
    return [...(await this.ports.store.quarantined(this.other)).keys()].filter((key) => !before.has(key));
  }
}
