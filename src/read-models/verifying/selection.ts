import { hashOf } from '../spooling/partitions.js';

/** Which documents of a read model are looked at: all, or a part of them, one of so many equal ones. */
export type Selection = 'all' | { readonly part: number; readonly of: number };

/** Values of `hashOf`. */
const HASHES = 2 ** 32;

/** Whether a key is among those selected. Parts go by the upper bits of its hash: partitions go by the lower ones. */
export function selecting(selection: Selection | undefined): (key: string) => boolean {
  if (selection === undefined || selection === 'all') return () => true;
  return (key) => Math.floor((hashOf(key) / HASHES) * selection.of) === selection.part;
}
