import { expect, it } from '@jest/globals';
import { lruCache } from '../../src/kernel/lru-cache.js';

it('An LRU cache holds at most its maximum of entries and evicts the least recently used one', () => {
  const cache = lruCache<number>(3);
  for (let entry = 0; entry < 3; entry++) cache.set(`${entry}`, entry);
  cache.get('0');
  cache.set('0', 10);
  cache.set('3', 3);
  cache.delete('2');
  cache.set('4', 4);
  expect([...cache.entries()]).toEqual([
    ['4', 4],
    ['3', 3],
    ['0', 10],
  ]);
});
