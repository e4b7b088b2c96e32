import type { Lease, Mended, ProjectionStore, StoredDocument } from '../read-models.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { comparedOf } from './compare-documents.js';

/** Documents in one write. */
const WRITE = 500;

/** Writes documents that are not what is to stand there, with their quarantine; answers their keys. @throws LeaseLost */
export async function writeMended(
  { projection }: Target,
  mended: ReadonlyMap<string, Mended>,
  lease: Lease,
  store: ProjectionStore,
): Promise<readonly string[]> {
  const written: string[] = [];
  const quarantined = await store.quarantined(projection);
  const isRight = (key: string, is: Mended, stored: StoredDocument | undefined) =>
    comparedOf(projection, is.stored, stored, false) === undefined && quarantined.get(key)?.position === is.fault?.position;
  const keys = [...mended.keys()];
  for (let from = 0; from < keys.length; from += WRITE) {
    const some = keys.slice(from, from + WRITE);
    const mend = (key: string, stored: StoredDocument | undefined) => {
      const is = mended.get(key);
      return is && !isRight(key, is, stored) ? is : undefined;
    };
    written.push(...(await store.mend(lease, projection, some, mend)));
  }
  return written;
}
