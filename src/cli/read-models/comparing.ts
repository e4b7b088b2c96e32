import { v4 as uuid } from 'uuid';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { difference } from '../../read-models/differences/difference.js';
import type { Difference, DifferenceKind, EachDifferent } from '../../read-models/differences/difference-tally.js';
import { RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import { type Projection, projectionOf } from '../../read-models/projection.js';
import type { ReplayPorts } from '../../read-models/rebuilding/rebuild.js';
import { lockFolder } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange, type Build } from '../../read-models/registry.js';

/** Two builds of one read model. */
export interface BuildPair {
  readonly one: Build;
  readonly other: Build;
}

/** The keys of all documents that differ. */
export class DifferentKeys {
  private readonly found: { readonly build: string; readonly kind: DifferenceKind; readonly key: string }[] = [];

  of(build: string): EachDifferent {
    return (kind, key) => this.found.push({ build, kind, key });
  }

  /** In the order of their keys. */
  get keys() {
    return this.found.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  }

  csv(): string {
    return csvOfKeys(this.keys);
  }
}

/** Documents of builds, such as those that differ, as a file that can be read with a table. */
export function csvOfKeys(keys: readonly { readonly build: string; readonly kind: string; readonly key: string }[]): string {
  return `build,kind,key\n${keys.map(({ build, kind, key }) => `${build},${kind},"${key.replaceAll('"', '""')}"\n`).join('')}`;
}

interface Comparing {
  readonly signal: AbortSignal;
  readonly different: DifferentKeys;
}

/**
 * Compares builds. Meanwhile this process runs a projector, which catches both up where there is no other.
 * @throws BadChange where this release has no code for one of them, AlreadyReplaying
 */
export async function compareBuilds(pairs: readonly BuildPair[], ports: ReplayPorts, { signal, different }: Comparing): Promise<readonly Difference[]> {
  const { events, store, builds, code, fingerprints } = ports;
  const differences: Difference[] = [];
  const compareEach = async () => {
    for (const pair of pairs) {
      const [one, other] = [projectionOf(code, pair.one), projectionOf(code, pair.other)];
      if (!one || !other) throw new BadChange(`这个版本的程序没有 ${(one ? pair.other : pair.one).name} 的代码，无法比较`);
      await waitUntilSeen([one, other], await events.head(), ports, signal);
      differences.push(await difference(one, other, ports, { signal, each: different.of(pair.other.name) }));
    }
  };
  const stopping = new AbortController();
  const kept = new RegisteredBuilds(builds, store, events, code, fingerprints);
  const projector = new Projector(events, store, code, { holder: uuid(), builds: kept });
  const unlock = lockFolder(ports.folder); // nothing that is compared is dropped meanwhile
  // both have ended before the stores are closed
  const ended = await Promise.allSettled([compareEach().finally(() => stopping.abort()), projector.run(stopping.signal)]).finally(unlock);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return differences;
}

/** Milliseconds without progress after which it is assumed that no projector is running. */
const TIMEOUT = 30_000;
const POLL_INTERVAL = 100;

/** Waits as long as they make progress; the difference shows which documents have not caught up. */
async function waitUntilSeen(projections: readonly Projection[], head: string, { store }: ReplayPorts, signal: AbortSignal): Promise<void> {
  let [before, since] = ['', performance.now()];
  for (;;) {
    const checkpoints = await store.checkpoints(projections);
    if (checkpoints.every(({ position }) => position >= head)) return;
    const stand = checkpoints.map(({ position }) => position).join();
    if (stand !== before) [before, since] = [stand, performance.now()];
    if (performance.now() - since > TIMEOUT) return;
    await abortableDelay(signal, POLL_INTERVAL);
    signal.throwIfAborted();
  }
}
