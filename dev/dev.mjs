import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, watch, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { build, writeFingerprints } from '../build.mjs';
import { buildBrowserFiles } from '../public/build.mjs';
import { swc } from '../swc.mjs';
import { ReloadingProxy } from './reloading-proxy.mjs';

/** `npm run dev`: serves the centre, and after each change rebuilds what changed and reloads the open pages. */
const root = fileURLToPath(new URL('..', import.meta.url));
const built = `${root}dist/`;
const { HOST = '127.0.0.1', PORT = '3000' } = process.env;
/** Milliseconds within which changes are handled together. */
const DEBOUNCE = 30;

const changed = new Set();
let isRebuilding = false;
let timer;
/** The next centre, which has loaded the packages and waits for its start. */
let next = forked();

await build({ checked: false });
const proxy = new ReloadingProxy();
let centre = await started();
const { demo, officers = [], sandboxes = [] } = centre.info;
proxy.server.listen(Number(PORT), HOST);
await once(proxy.server, 'listening');
for (const { label, admissionNo, citizenNo, password } of demo) console.log(`${label}　${citizenNo ?? admissionNo}　${password}`);
for (const { account, role, code } of officers) console.log(`${role}　${account}　${code ?? '已设置密码'}`);
for (const { name, address } of sandboxes) console.log(`${name}　${address}`);
console.log(`http://${HOST}:${proxy.server.address().port}`);
for (const folder of ['src', 'projections', 'demo', 'views', 'public']) {
  watch(root + folder, { recursive: true }, (_, name) => noteChange(`${folder}/${name}`));
}
process.on('SIGINT', end).on('SIGTERM', end);

async function end() {
  proxy.close();
  next.kill('SIGKILL');
  await stopped(centre);
  process.exit();
}

function noteChange(file) {
  if (!/\.(ts|hbs|css|js|svg)$/.test(file)) return;
  changed.add(file);
  clearTimeout(timer);
  timer = setTimeout(rebuildChanged, DEBOUNCE);
}

async function rebuildChanged() {
  if (isRebuilding) return; // the running call handles these changes too
  isRebuilding = true;
  while (changed.size > 0) {
    const files = [...changed];
    changed.clear();
    const began = performance.now();
    try {
      await rebuild(files);
      console.log(`${files.join(' ')}: ${Math.round(performance.now() - began)} ms`);
    } catch (error) {
      console.error(error.message); // the earlier centre keeps serving
    }
  }
  isRebuilding = false;
}

async function rebuild(files) {
  const typescript = files.filter((file) => file.endsWith('.ts') && existsSync(root + file));
  await Promise.all([...typescript.map(compile), buildBrowserFiles(root, built)]);
  if (typescript.length === 0) centre.child.send('reload');
  else {
    await writeFingerprints(built);
    const before = centre;
    centre = await started();
    void stopped(before);
  }
  proxy.reload();
}

async function compile(file) {
  const { code } = await transformFile(root + file, { ...swc, swcrc: false });
  const compiled = `${built}${file.replace(/\.ts$/, '.js')}`;
  mkdirSync(dirname(compiled), { recursive: true });
  writeFileSync(compiled, code);
}

/** Starts a centre of the build, to which the proxy then forwards. @throws Error when it does not start; it prints the reason itself */
async function started() {
  const child = next;
  child.send('start');
  const [info] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  next = forked();
  if (!info?.address) throw new Error('the centre does not start');
  proxy.forwardTo(info.address);
  return { child, info };
}

function forked() {
  const settings = { NODE_ENV: 'development', HOST: '127.0.0.1', PORT: '0', WEB_PROCESSES: '1', NODE_COMPILE_CACHE: `${built}compiled` };
  return fork(`${root}dev/centre.mjs`, { env: { ...process.env, ...settings } });
}

async function stopped({ child }) {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
