#!/usr/bin/env node
// written for old versions of Node too (no top-level await), so that they can say which version is needed
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldest = Number(/\d+/.exec(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).engines.node)[0]);
const isOld = Number.parseInt(process.versions.node, 10) < oldest;
// `npm ci` brings a Node of the right age along, for where the system's is older
const brought = `${root}node_modules/.bin/node`;

if (!isOld) run();
else if (existsSync(brought) && process.env.PERSONAL_CENTRE_NODE !== 'brought') runWith(brought);
else {
  console.error(`需要 Node ${oldest} 或更新的版本，当前是 ${process.versions.node}。请先运行 npm ci。`);
  process.exitCode = 1;
}

async function run() {
  if (!existsSync(`${root}dist/built`)) {
    const { build } = await import('../build.mjs');
    await build({ checked: false });
  }
  keepCompiledCode();
  await import('../dist/src/cli.js');
}

/** For the next start, and by the environment in threads and further processes too. Where dist/ cannot be written to, nothing is kept. */
function keepCompiledCode() {
  const folder = process.env.NODE_COMPILE_CACHE || `${root}dist/compiled`;
  module.enableCompileCache(folder);
  process.env.NODE_COMPILE_CACHE = folder;
}

/** Runs this file again by another Node, which ends as this one does and gets its signals. */
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
