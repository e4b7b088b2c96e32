import type { ExpectedDocument, Lease, ProjectionStore, StoredDocument } from '../read-models.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { comparedOf } from './compare-documents.js';

/** Documents in one write. */
const WRITE = 500;

/** Writes documents that are not what is to stand there, with their quarantine; answers their keys. @throws LeaseLost */
export async function writeExpected(
  { projection }: Target,
  expected: ReadonlyMap<string, ExpectedDocument>,
  lease: Lease,
  store: ProjectionStore,
): Promise<readonly string[]> {
  const written: string[] = [];
  const quarantined = await store.quarantined(projection);
  const isRight = (key: string, is: ExpectedDocument, stored: StoredDocument | undefined) =>
    comparedOf(projection, is.stored, stored, false) === undefined && quarantined.get(key)?.position === is.fault?.position;
  const keys = [...expected.keys()];
  for (let from = 0; from < keys.length; from += WRITE) {
    const some = keys.slice(from, from + WRITE);
    const repair = (key: string, stored: StoredDocument | undefined) => {
      const is = expected.get(key);
      return is && !isRight(key, is, stored) ? is : undefined;
    };
    written.push(...(await store.repair(lease, projection, some, repair)));
  }
  return written;
}
