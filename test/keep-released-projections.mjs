import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build, projectionText } from '../build.mjs';

/**
 * Keeps this release's compiled projections as fixtures, in place of those of the release before: run it when a release is made
 * (`node test/keep-released-projections.mjs`). Each file is the text that its fingerprint is taken of.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const fixture = `${root}test/fixtures/released`;

await build();
rmSync(fixture, { recursive: true, force: true });
mkdirSync(`${fixture}/projections`, { recursive: true });
for (const file of readdirSync(`${root}dist/projections`).filter((name) => name.endsWith('.js'))) {
  writeFileSync(`${fixture}/projections/${file}`, await projectionText(`${root}dist/projections/${file}`));
}
await bundle({
  entryPoints: [`${root}dist/src/read-models/projection.js`],
  bundle: true,
  outfile: `${fixture}/src/read-models/projection.js`,
  format: 'esm',
  platform: 'node',
  minifyWhitespace: true,
});
