import { LRUCache } from 'lru-cache';

/**
 * The entries used last, so many at most. It grows with what it holds: a cache that is told its `max` sets aside room for all
 * when it is made, which for some ten thousands of each kind is a tenth of the time in which a process starts.
 */
export function lruCache<V extends NonNullable<unknown>>(most: number): LRUCache<string, V> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1 });
}
