import { LRUCache } from 'lru-cache';

/**
 * An LRU cache that allocates memory as it grows. With the library's `max` option it would allocate for all entries when it is
 * created; for several caches of ten thousands of entries that took a tenth of a process's start.
 */
export function lruCache<V extends NonNullable<unknown>>(maxEntries: number): LRUCache<string, V> {
  return new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 });
}
