import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { knownStreamCategories } from '../../../src/composition/known/stream-categories.js';

const sources = fileURLToPath(new URL('../../../src/', import.meta.url));

describe('The categories of streams', () => {
  it('The categories of streams match the names that the modules give to their streams', () => {
    const files = globSync(['**/*.streams.ts', 'installation/installation.ts'], { cwd: sources });
    const named = files.flatMap((file) => [...readFileSync(sources + file, 'utf8').matchAll(/['`]([a-z]+)(?:-\$\{|' \})/g)].map(([, category]) => category));
    expect([...new Set(named)].toSorted()).toEqual([...knownStreamCategories].toSorted());
  });
});
