import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildBrowserFiles } from './public/build.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Compiles the server into dist/ and the browser's files into dist/public/.
 * @param {{strict?: boolean}} options not strict: type errors are shown but do not end the build, as while a test is being written
 */
export async function build({ strict = true } = {}) {
  // only what has changed is written anew: processes may be running from dist/
  const compiler = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', 'dist/tsconfig.tsbuildinfo'];
  const compiled = spawnSync(process.execPath, compiler, { cwd: root, stdio: 'inherit' });
  if (strict && compiled.status !== 0) throw new Error('the build failed');
  await buildBrowserFiles(root);
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(`${root}dist/built`, new Date().toISOString());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
