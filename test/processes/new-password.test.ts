import { expect, it } from '@jest/globals';
import { until } from '../until.js';
import { ask, CentreProcess, folder, ready, signIn } from './centre-process.js';
import { ACCOUNT, bring, FILES, PASSWORD } from './one-candidate.js';

const OTHER = '119912345662';
const NEW = '四郎探母 坐宫一折';

/** One person with two admission numbers. */
function twoNumbers(): Readonly<Record<string, string>> {
  const candidates = FILES['candidates.csv'] ?? '';
  const [, row = ''] = candidates.split('\n');
  return { ...FILES, 'candidates.csv': `${candidates}${row.replace(ACCOUNT, OTHER)}\n` };
}

it('A new password set while no reactor runs counts at all numbers, and ends earlier sessions once one does', async () => {
  const data = folder();
  await bring(data, twoNumbers());
  const pages = new CentreProcess({ DATA_DIR: data, ROLES: 'web,projector', SESSION_SECRET: 'x'.repeat(32) });
  const { address } = await pages.started();
  await ready(address);
  const [mine, there] = [await signIn(address, ACCOUNT, PASSWORD), await signIn(address, OTHER, PASSWORD)];
  const set = await ask(address, '/center/account/password', { cookie: mine, form: { old: PASSWORD, password: NEW, again: NEW } });
  const next = String(set.headers.get('location'));
  expect((await ask(address, next, { cookie: mine })).body).toContain('处理中');
  expect((await ask(address, '/login', { form: { account: OTHER, password: PASSWORD } })).status).toBe(422);
  const entered = await signIn(address, OTHER, NEW);
  expect((await ask(address, '/center/account', { cookie: there })).status).toBe(200);
  await pages.kill('SIGKILL');

  const whole = new CentreProcess({ DATA_DIR: data, SESSION_SECRET: 'x'.repeat(32) });
  const again = (await whole.started()).address;
  await ready(again);
  await until('the password to be recorded everywhere', async () => (await ask(again, next, { cookie: mine })).body.includes('都已退出'));
  await until('the session of before to end', async () => (await ask(again, '/center/account', { cookie: there })).status === 303);
  expect((await ask(again, '/center/account', { cookie: entered })).status).toBe(200);
  expect((await whole.kill('SIGTERM')).code).toBe(0);
}, 300_000);
