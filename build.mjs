import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { writeReceiptCharacters } from './build-receipt-characters.mjs';
import { buildBrowserFiles } from './public/build.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

const built = `${root}dist/`;

/**
 * Makes dist/: the compiled server, the browser's files, and what a start reads of both. It is made in another folder and then replaces
 * dist/ as a whole, so a failed build keeps the old one, and a deleted source leaves no output.
 * @param {{checked?: boolean}} options not checked: without type checks, which takes a third of the time
 * @throws Error when the sources do not compile; the compiler has printed why
 */
export async function build({ checked = true } = {}) {
  removeLeftovers();
  const draft = `${root}dist.draft-${process.pid}/`;
  try {
    const how = checked ? [] : ['--noCheck'];
    const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--outDir', draft, ...how], {
      cwd: root,
      stdio: 'inherit',
    });
    if (compiled.status !== 0) throw new Error('the build failed');
    await writeFingerprints(draft);
    await buildBrowserFiles(root, draft);
    await writeTemplates(draft);
    writeReceiptCharacters(draft, built);
    writeFileSync(`${draft}built`, new Date().toISOString());
    replaceBuilt(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function replaceBuilt(draft) {
  const last = `${root}dist.last-${process.pid}`;
  if (existsSync(built)) renameSync(built, last);
  renameSync(draft, built);
  rmSync(last, { recursive: true, force: true });
}

/** Removes folders of killed builds. */
function removeLeftovers() {
  for (const name of readdirSync(root)) {
    const [, pid] = /^dist\.(?:draft|last)-(\d+)$/.exec(name) ?? [];
    if (pid && !isRunning(Number(pid))) rmSync(root + name, { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Compiles the templates, so that a start need not. */
async function writeTemplates(folder) {
  const { compileAllTemplates } = await import(`${folder}src/web/views/template-compiler.js`);
  writeFileSync(`${folder}templates.json`, JSON.stringify(compileAllTemplates()));
}

/**
 * Writes the fingerprint of each projection's code: of its compiled file with all that it runs of other modules (without
 * `projection.js`, in which every projection is declared), without comments and white space.
 */
export async function writeFingerprints(folder) {
  const projections = `${folder}projections/`;
  const fingerprints = {};
  for (const file of readdirSync(projections).filter((name) => name.endsWith('.js'))) {
    const fingerprint = fingerprintOf(await projectionText(projections + file));
    for (const made of Object.values(await import(`${projections}${file}?${fingerprint}`))) {
      if (!made?.on || !made.name) continue;
      const version = `${made.name}@${made.version}`;
      if (version in fingerprints) throw new Error(`${version} is made by two files, one of them ${file}: the newer one needs a higher version`);
      fingerprints[version] = fingerprint;
    }
  }
  writeFileSync(`${projections}fingerprints.json`, JSON.stringify(fingerprints, null, 2));
}

/** The text of a compiled projection that is hashed. */
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
