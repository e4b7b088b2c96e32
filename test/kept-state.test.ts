import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Variables, and collections that begin empty, of a module itself: Biome's formatting leaves no other way to write them. */
const KEPT = /^(?:export )?(?:let (\w+)|const (\w+).* = (?:new (?:Map|Set|WeakMap|WeakSet|LRUCache)(?:<.*>)?\((?:\)|\{)|\[\]))/gm;

/** What can make no difference to a test file that runs later in the same process. */
const HARMLESS = {
  'found again the same': [
    'src/catalogue/contents/content-text.ts defaults',
    'src/home/quick-channels.ts last',
    'src/identity/passwords/password-rules.ts known',
    'src/payments/receipts/receipt-characters.ts fileByCharacter',
    'src/read-models/field-types.ts known',
    'src/read-models/mongodb/bson.ts checkedNames',
    'src/read-models/projection.ts made',
    'src/web/views/markdown.ts rendered',
  ],
  'random bytes': ['src/vault/aes.ts drawn'],
  'what is open, by folder or URL': ['src/mongodb/mongodb.ts sharedByUrl', 'src/sqlite/open-file-watch.ts openWatches', 'src/sqlite/open-file-watch.ts timer'],
  'of a thread of its own': [
    'src/imports/import.worker.ts opened',
    'src/imports/import.worker.ts openedToRead',
    'src/read-models/rebuilding/replay.worker.ts opened',
  ],
};

it('No module that test files share keeps what one of them could see of another', () => {
  const files = globSync('{src,projections,demo}/**/*.ts', { cwd: ROOT });
  const kept = files.flatMap((file) =>
    [...readFileSync(ROOT + file, 'utf8').matchAll(KEPT)].map(([, variable, collection]) => `${file} ${variable ?? collection}`),
  );
  expect(kept.sort()).toEqual(Object.values(HARMLESS).flat().sort());
});
