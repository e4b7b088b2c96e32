import { expect, it } from '@jest/globals';
import { until } from '../until.js';
import { ask, CentreProcess, folder, ready } from './centre-process.js';
import { ACCOUNT, bring, FILES, PASSWORD } from './one-candidate.js';

const logIn = async (address: string) => {
  const { status, body } = await ask(address, '/login', { form: { account: ACCOUNT, password: PASSWORD } });
  return { status, updating: body.includes('资料正在更新，请稍后再试') };
};

it('After an import into a stopped centre a process is not ready until the read models have caught up, and calls no right password wrong', async () => {
  const data = folder();
  await bring(data, FILES);
  const web = await new CentreProcess({ DATA_DIR: data, ROLES: 'web' }).started();
  const readiness = async () => {
    const { status, body } = await ask(web.address, '/health/ready');
    return { status, ...JSON.parse(body) };
  };
  expect(await readiness()).toMatchObject({ status: 'not ready', reasons: { 'read models': expect.stringContaining('since the start: candidate, ') } });
  expect((await ask(web.address, '/health/ready')).status).toBe(503);
  expect(await logIn(web.address)).toEqual({ status: 503, updating: true });

  const projector = new CentreProcess({ DATA_DIR: data, ROLES: 'projector' });
  await ready(web.address);
  expect(await logIn(web.address)).toEqual({ status: 303, updating: false });

  // from now on the projector is missed by all processes alike
  await projector.kill('SIGKILL');
  await bring(data, { 'districts.csv': 'name,office,place,address,phone\n海淀区,海淀区自考办,办事大厅,中关村大街1号,010-00000000\n' });
  await until('the lag to be said', async () => (await readiness()).status === 'degraded');
  expect((await ask(web.address, '/health/ready')).status).toBe(200);
});
