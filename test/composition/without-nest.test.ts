import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The commands that serve pages, and show one: they load Nest. */
const WITH_PAGES = ['src/cli/data/start.ts', 'src/cli/looking/page.ts'];
const sources = (pattern: string) => globSync(pattern, { cwd: root }).map((file) => file.replaceAll('\\', '/'));

it('Worker threads and the commands of the command line load no module of Nest, except those that serve or show pages', async () => {
  const entryPoints = [...sources('src/**/*.worker.ts'), ...sources('src/cli/**/*.ts')].filter((file) => !WITH_PAGES.includes(file));
  const { metafile } = await build({
    entryPoints: [...entryPoints, ...WITH_PAGES],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
    outdir: 'unwritten',
    logLevel: 'error',
  });
  expect(entryPoints.filter((file) => packagesOf(file, metafile).some(isOfNest))).toEqual([]);
  for (const file of WITH_PAGES) expect(packagesOf(file, metafile).filter(isOfNest)).toContain('@nestjs/core');
});

const isOfNest = (name: string) => name.startsWith('@nestjs/') || name === 'rxjs';

/** The packages that a file and the files that it imports load, also later on. */
function packagesOf(file: string, { inputs }: Metafile): readonly string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const waiting = [file];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next) || (WITH_PAGES.includes(next) && !WITH_PAGES.includes(file))) continue;
    seen.add(next);
    for (const { path, external } of inputs[next]?.imports ?? []) {
      if (external) packages.add(path);
      else waiting.push(path);
    }
  }
  return [...packages];
}
