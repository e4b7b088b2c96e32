#!/usr/bin/env node
// without top-level await, so that old versions of Node can print which version is needed
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldest = Number(/\d+/.exec(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).engines.node)[0]);
const isOld = Number.parseInt(process.versions.node, 10) < oldest;
// `npm ci` installs a suitable Node, for systems with an older one
const packagedNode = `${root}node_modules/.bin/node`;

if (!isOld) run();
else if (existsSync(packagedNode) && process.env.PERSONAL_CENTRE_NODE !== 'brought') runWith(packagedNode);
else {
  console.error(`需要 Node ${oldest} 或更新的版本，当前是 ${process.versions.node}。请先运行 npm ci。`);
  process.exitCode = 1;
}

async function run() {
  if (!existsSync(`${root}dist/built`)) {
    const builder = await loaded(
      '../build.mjs',
      '程序还没有构建，而构建用的包没有安装。请先运行 npm ci 和 npm run build；之后可以用 npm ci --omit=dev 只留下运行用的包。',
    );
    if (!builder) return;
    await builder.build({ checked: false });
  }
  cacheCompiledCode();
  await loaded('../dist/src/cli.js', '程序用的包没有安装，或者没有装全。请先运行 npm ci（只运行时用 npm ci --omit=dev）。');
}

/** Imports a module. When one of its packages is not installed, it says so and sets the exit code. */
async function loaded(module, advice) {
  try {
    return await import(module);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`${advice}（${error.message}）`);
    process.exitCode = 2;
    return undefined;
  }
}

/** Caches compiled code for the next start, and by the environment for threads and child processes. A dist/ that is not writable has no cache. */
function cacheCompiledCode() {
  const folder = process.env.NODE_COMPILE_CACHE || `${root}dist/compiled`;
  module.enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}

/** Runs this file again with another Node; passes on signals and takes over the exit code. */
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env: Object.assign({}, process.env, { PERSONAL_CENTRE_NODE: 'brought' }) });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`无法启动 ${node}：${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (constants.signals[signal] || 0) : code;
  });
}
