import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { writeReceiptCharacters } from './build-receipt-characters.mjs';
import { buildBrowserFiles } from './public/build.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Compiles the server into dist/ and the browser's files into dist/public/.
 * @param {{strict?: boolean, checked?: boolean}} options not strict: type errors are shown but do not end the build, as while a
 * test is being written; not checked: nobody looks for them, as at the first start of a checkout, which the same files come of in a
 * third of the time
 */
export async function build({ strict = true, checked = true } = {}) {
  // only what has changed is written anew: processes may be running from dist/
  const how = checked ? ['--incremental', '--tsBuildInfoFile', 'dist/tsconfig.tsbuildinfo'] : ['--noCheck'];
  const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', ...how], { cwd: root, stdio: 'inherit' });
  if (strict && compiled.status !== 0) throw new Error('the build failed');
  await writeFingerprints();
  await buildBrowserFiles(root);
  await writeTemplates();
  writeReceiptCharacters(root);
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(`${root}dist/built`, new Date().toISOString());
}

/** The code of the templates, which a start then does not have to compile. */
async function writeTemplates() {
  const { codeOfAll } = await import(`${root}dist/src/web/template-code.js`);
  writeFileSync(`${root}dist/templates.json`, JSON.stringify(codeOfAll()));
}

/**
 * What each projection's code is known by: its compiled file, with all that it runs of other modules but for what every
 * projection is declared with, without comments and white space.
 */
export async function writeFingerprints() {
  const folder = `${root}dist/projections/`;
  const fingerprints = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const fingerprint = fingerprintOf(await projectionText(folder + file));
    for (const made of Object.values(await import(`${folder}${file}?${fingerprint}`))) {
      if (!made?.on || !made.name) continue;
      const version = `${made.name}@${made.version}`;
      if (version in fingerprints) throw new Error(`${version} is made by two files, one of them ${file}: the newer one needs a higher version`);
      fingerprints[version] = fingerprint;
    }
  }
  writeFileSync(`${folder}fingerprints.json`, JSON.stringify(fingerprints, null, 2));
}

/** The text that a compiled projection's fingerprint is taken of. */
export async function projectionText(file) {
  const { outputFiles } = await bundle({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['../src/read-models/projection.js'],
    minifyWhitespace: true,
    legalComments: 'none',
  });
  return outputFiles[0].text;
}

export function fingerprintOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
