#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const OLDEST = 24;
const isOld = Number.parseInt(process.versions.node, 10) < OLDEST;
// `npm ci` brings a Node of the right age along, for where the system's is older
const brought = `${root}node_modules/.bin/node`;

if (!isOld) await run();
else if (existsSync(brought) && process.env.PERSONAL_CENTRE_NODE !== 'brought') runWith(brought);
else {
  console.error(`需要 Node ${OLDEST} 或更新的版本，当前是 ${process.versions.node}。请先运行 npm ci。`);
  process.exitCode = 1;
}

async function run() {
  if (!existsSync(`${root}dist/built`)) {
    const { build } = await import('../build.mjs');
    await build({ checked: false });
  }
  await import('../dist/src/cli.js');
}

/** Runs this file again by another Node, which ends as this one does and gets its signals. */
function runWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit', env: { ...process.env, PERSONAL_CENTRE_NODE: 'brought' } });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`无法启动 ${node}：${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
