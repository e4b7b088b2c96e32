import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { knownEvents } from '../../src/composition/known/events.js';
import { projectionsFor } from '../../src/composition/known/projections.js';
import type { Recorded } from '../../src/event-store/event.js';
import { isMadeByEquivalentCode, knownFingerprints } from '../../src/read-models/fingerprints.js';
import { foldDocument } from '../../src/read-models/projecting/fold-document.js';
import { nameOf, type Projection } from '../../src/read-models/projection.js';
import type { Stored } from '../../src/read-models/read-models.js';
import { everyType } from '../every-event.js';
import { logsFor } from './generated-logs.js';

/** The projections of the release before, as they were compiled (test/keep-released-projections.mjs). */
const FIXTURE = new URL('../fixtures/released/projections/', import.meta.url);

/** Events that are folded between two writes. */
const BATCH = 7;

interface Released {
  readonly projection: Projection;
  readonly fingerprint: string;
}

const present = projectionsFor({ EVENT_STORE_URL: 'esdb://127.0.0.1:2113' });
const released = (await Promise.all(readdirSync(FIXTURE).map(releasedIn))).flat();
const keptVersions = released.filter(({ projection }) => presentOf(projection));

async function releasedIn(file: string): Promise<readonly Released[]> {
  const fingerprint = createHash('sha256')
    .update(readFileSync(new URL(file, FIXTURE)))
    .digest('hex')
    .slice(0, 16);
  const declared: Record<string, Projection> = await import(new URL(file, FIXTURE).pathname);
  return Object.values(declared)
    .filter((each) => typeof each === 'object' && 'on' in each)
    .map((projection) => ({ projection, fingerprint }));
}

function presentOf({ name, version }: Projection): Projection | undefined {
  return present.find((each) => each.name === name && each.version === version);
}

/**
 * The documents by key after all events, folded in batches and kept as JSON in between, and what handlers said of events that they
 * could not take, which then change nothing.
 */
function documentsOf(projection: Projection, log: readonly Recorded[]): unknown {
  const stored = new Map<string, Stored>();
  const refused: string[] = [];
  const take = (key: string, events: readonly Recorded[]) => {
    const { after, fault } = foldDocument(projection, stored.get(key), events);
    if (after) stored.set(key, after);
    if (!fault) return;
    refused.push(`${fault.position} ${fault.error}`);
    take(
      key,
      events.filter(({ position }) => position > fault.position),
    );
  };
  for (let at = 0; at < log.length; at += BATCH) {
    const events = log.slice(at, at + BATCH).filter((event) => event.type in projection.on && projection.key(event) !== undefined);
    for (const [key, document] of stored) stored.set(key, JSON.parse(JSON.stringify(document)));
    for (const [key, own] of Map.groupBy(events, (event) => String(projection.key(event)))) take(key, own);
  }
  return JSON.parse(JSON.stringify({ documents: [...stored].toSorted(([one], [other]) => (one < other ? -1 : 1)), refused }));
}

describe('The data that events are generated of', () => {
  it('The data that events are generated of is told for every event type', () => {
    expect(everyType.toSorted()).toEqual(Object.keys(knownEvents).toSorted());
  });
});

describe.each(keptVersions.map((each) => ({ ...each, name: nameOf(each.projection) })))(
  'The projection $name of the release before',
  ({ projection, fingerprint }) => {
    const now = presentOf(projection) as Projection;

    it('A projection of the release before has a fingerprint that the code of today is known by or accepts, or every data folder would be unusable', () => {
      expect({ fingerprint, isAccepted: isMadeByEquivalentCode(now, fingerprint, knownFingerprints()) }).toEqual({ fingerprint, isAccepted: true });
    });

    it('A projection of the release before makes the documents that the code of today makes of the same events', () => {
      fc.assert(
        fc.property(logsFor(projection), (log) => {
          expect(documentsOf(now, log)).toEqual(documentsOf(projection, log));
        }),
        { numRuns: 200 },
      );
    });
  },
);

describe('The fixture of the release before', () => {
  it('The fixture of the release before holds the projections of this release, but for those that are new or of a higher version', () => {
    expect(keptVersions.length).toBeGreaterThan(0);
    expect(released.filter(({ projection: { name } }) => !present.some((each) => each.name === name)).map(({ projection }) => nameOf(projection))).toEqual([]);
  });
});
