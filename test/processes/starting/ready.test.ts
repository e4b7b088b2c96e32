import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from '@jest/globals';
import { told } from '../../cli/told.js';
import { until } from '../../until.js';
import { ask, CentreProcess, folder, ready } from '../centre-process.js';
import { ACCOUNT, bring, FILES, PASSWORD } from '../one-candidate.js';

const DISTRICT = { 'districts.csv': 'name,office,place,address,phone\n海淀区,海淀区自考办,办事大厅,中关村大街1号,010-00000000\n' };

const logIn = async (address: string) => {
  const { status, body } = await ask(address, '/login', { form: { account: ACCOUNT, password: PASSWORD } });
  return { status, updating: body.includes('资料正在更新，请稍后再试') };
};

it('After an import into a stopped centre a process is not ready until the read models have caught up, and calls no right password wrong', async () => {
  const data = folder();
  await bring(data, DISTRICT);
  expect(await told(['catch-up'], { DATA_DIR: data })).toMatchObject({ code: 0 });
  await bring(data, FILES);
  const web = await new CentreProcess({ DATA_DIR: data, ROLES: 'web' }).started();
  const readiness = async () => {
    const { status, body } = await ask(web.address, '/health/ready');
    return { status, ...JSON.parse(body) };
  };
  expect(await readiness()).toMatchObject({ status: 'not ready', reasons: { 'read models': expect.stringContaining('启动以来还没有跟上日志：candidate、') } });
  expect((await ask(web.address, '/health/ready')).status).toBe(503);
  expect(await logIn(web.address)).toEqual({ status: 503, updating: true });

  const projector = new CentreProcess({ DATA_DIR: data, ROLES: 'projector' });
  await ready(web.address);
  expect(await logIn(web.address)).toEqual({ status: 303, updating: false });

  // from now on the projector is missed by all processes alike
  await projector.kill('SIGKILL');
  await bring(data, { 'districts.csv': DISTRICT['districts.csv'].replace('1号', '2号') });
  await until('the lag to be said', async () => (await readiness()).status === 'degraded');
  expect((await ask(web.address, '/health/ready')).status).toBe(200);
});

it('While read models are made for the first time, since their file was deleted, a process is degraded and calls no right password wrong', async () => {
  const data = folder();
  await bring(data, FILES);
  expect(await told(['catch-up'], { DATA_DIR: data })).toMatchObject({ code: 0 });
  const registered = new DatabaseSync(join(data, 'read-models.sqlite'));
  registered.exec('DELETE FROM checkpoints');
  registered.close(); // as a projector leaves it that has registered its builds and has come no further
  const web = await new CentreProcess({ DATA_DIR: data, ROLES: 'web' }).started();
  await ready(web.address);
  expect(JSON.parse((await ask(web.address, '/health/ready')).body)).toEqual({
    status: 'degraded',
    reasons: { 'read models': expect.stringMatching(/^正在第一次由日志建立：candidate、/) },
  });
  const projector = new CentreProcess({ DATA_DIR: data, ROLES: 'projector' });
  await until('the right password to be right', async () => (await logIn(web.address)).status === 303);
  await projector.kill('SIGTERM');
});
