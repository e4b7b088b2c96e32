/**
 * A number of 32 bits that is the same for a key everywhere (FNV-1a, mixed as in MurmurHash3): by its remainder keys are
 * dealt out to partitions. Twice as many partitions split each of them.
 */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
