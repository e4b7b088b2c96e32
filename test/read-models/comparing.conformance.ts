import { describe, expect, it } from '@jest/globals';
import type { BuildStore, Pair } from '../../src/read-models/build-store.js';
import type { Stored } from '../../src/read-models/read-models.js';
import { keysFrom, keysOfEveryCharacter, ODD_KEYS } from './keys.js';
import { again, counts, fill, first, type OpenedBuilds, second } from './opened-builds.js';

type Build = ReadonlyMap<string, Stored>;

/** Two builds as they are found to differ, page by page. */
export function comparesBuilds(opened: () => OpenedBuilds): void {
  describe('Two builds', () => {
    it('Two builds are equal where their documents are equal, whatever their positions', async () => {
      const { builds } = opened();
      await fill(builds, counts, { zhang: { count: 1 }, li: { count: 2 }, gone: null }, first);
      await fill(builds, again, { zhang: { count: 1 }, li: { count: 2 }, removed: null }, second);
      expect(await builds.unequal(counts, again, undefined)).toEqual({ pairs: [], looked: 2, next: undefined });
    });

    it('Two builds differ where a document differs or is on one side only, and a tombstone counts as none', async () => {
      const { builds } = opened();
      await fill(builds, counts, { changed: { count: 1 }, 'only here': { count: 1 }, removed: { count: 1 }, 'back again': null });
      await fill(builds, again, { changed: { count: 2 }, 'only there': { count: 2 }, removed: null, 'back again': { count: 2 } });
      const { pairs, looked, next } = await builds.unequal(counts, again, undefined);
      const [here, there] = [1, 2].map((count) => ({ position: first, document: { count } }));
      expect(new Map(pairs.map((pair) => [pair.key, pair]))).toEqual(
        new Map([
          ['changed', { key: 'changed', one: here, other: there }],
          ['only here', { key: 'only here', one: here, other: undefined }],
          ['only there', { key: 'only there', one: undefined, other: there }],
          ['removed', { key: 'removed', one: here, other: undefined }],
          ['back again', { key: 'back again', one: undefined, other: there }],
        ]),
      );
      expect([looked, next]).toEqual([5, undefined]);
    });

    const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, at) => `${letter}${String(at).padStart(5, '0')}`);
    const built = (keys: Iterable<string>, documentOf: (key: string, at: number) => object | null = () => ({ count: 1 })): Build =>
      new Map(Array.from(keys, (key, at) => [key, { position: first, document: documentOf(key, at) }]));
    const everyOther = (keys: readonly string[]) => keys.filter((_, at) => at % 2 === 0);

    /** More than the thousands that are looked at in one go, laid out so that a page could be mistaken for all there is. */
    const layouts: Readonly<Record<string, readonly [one: Build, other: Build]>> = {
      'are both empty': [built([]), built([])],
      'have documents on the one side only': [built(numbered('a', 4_500)), built([])],
      'have documents on the other side only': [built([]), built(numbered('a', 4_500))],
      'have no key in common, one before the other': [built(numbered('a', 2_500)), built(numbered('z', 2_500))],
      'have no key in common, one after the other': [built(numbered('z', 2_500)), built(numbered('a', 2_500))],
      'take turns with their keys': [built(everyOther(numbered('a', 5_000))), built(everyOther(numbered('a', 5_001).slice(1)))],
      'end just where a page ends': [built(numbered('a', 4_000)), built(numbered('a', 2_000))],
      'differ in a document here and there': [built(numbered('a', 5_000)), built(numbered('a', 5_000), (_, at) => ({ count: at % 1_999 === 0 ? 2 : 1 }))],
      'have nothing but tombstones for pages': [built(numbered('a', 4_500), () => null), built(['a04499', 'b'])],
      'have keys that other text sorts otherwise': [
        built([...keysFrom(0xe000, 1_800), ...keysFrom(0x10000, 1_800)]),
        built([...keysFrom(0xe100, 1_800), ...keysFrom(0x10100, 1_800)]),
      ],
      'have keys of every character': [built([...keysOfEveryCharacter(), ...ODD_KEYS]), built(ODD_KEYS, (_, at) => (at % 3 === 0 ? null : { count: at % 2 }))],
    };

    it.each(Object.keys(layouts))('Two builds are compared completely, each key once, when they %s', async (layout) => {
      const [one, other] = layouts[layout] as readonly [Build, Build];
      const { builds } = opened();
      await builds.fill(counts, one, []);
      await builds.fill(again, other, []);
      const { pairs, looked } = await walk(builds);
      const expected = whatDiffers(one, other);
      expect(pairs).toHaveLength(expected.size);
      expect(new Map(pairs.map((pair) => [pair.key, pair]))).toEqual(expected);
      const keys = new Set([...one.keys(), ...other.keys()]);
      expect(looked).toBe([...keys].filter((key) => one.get(key)?.document || other.get(key)?.document).length);
    });
  });
}

async function walk(builds: BuildStore): Promise<{ readonly pairs: readonly Pair[]; readonly looked: number }> {
  const pairs: Pair[] = [];
  let looked = 0;
  let after: string | undefined;
  do {
    const page = await builds.unequal(counts, again, after);
    pairs.push(...page.pairs);
    looked += page.looked;
    after = page.next;
  } while (after !== undefined);
  return { pairs, looked };
}

function whatDiffers(one: Build, other: Build): ReadonlyMap<string, Pair> {
  const standing = (build: Build, key: string) => (build.get(key)?.document ? build.get(key) : undefined);
  const pairs = Array.from(new Set([...one.keys(), ...other.keys()]), (key): Pair => ({ key, one: standing(one, key), other: standing(other, key) }));
  const differing = pairs.filter((pair) => JSON.stringify(pair.one?.document) !== JSON.stringify(pair.other?.document));
  return new Map(differing.map((pair) => [pair.key, pair]));
}
