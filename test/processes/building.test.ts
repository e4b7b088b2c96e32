import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Release } from './release.js';

let folder: string;
let release: Release;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'building-'));
  release = new Release(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('A build leaves the last one unchanged when a source does not compile', () => {
  const before = digests();
  release.edit('projections/tasks.ts', [['export const tasks', 'export const broken: number = "text";\nexport const tasks']]);
  release.edit('src/cli.ts', [['import ', '// changed\nimport ']]);
  expect(() => release.build({ checked: true })).toThrow(/broken|TS2322/);
  expect(digests()).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
});

it('A build leaves no output of a deleted source, nor leftovers of a killed build beside dist/', () => {
  const neverRunning = 2 ** 22 + 1; // above the highest process id
  writeFileSync(join(folder, `dist.draft-${neverRunning}`), '');
  release.edit('projections/tasks.ts', [['export const broken: number = "text";\n', '']]);
  writeFileSync(join(folder, 'src/gone.ts'), 'export const gone = 1;\n');
  release.build();
  expect(readdirSync(join(folder, 'dist/src'))).toContain('gone.js');
  rmSync(join(folder, 'src/gone.ts'));
  release.build();
  expect(readdirSync(join(folder, 'dist/src'))).not.toContain('gone.js');
  expect(readdirSync(folder).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
});

/** Of each file of the build but V8's code, which a process keeps there. */
function digests(): Readonly<Record<string, string>> {
  const files = readdirSync(join(folder, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('compiled'))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]));
}
