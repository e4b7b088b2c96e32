import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Sandbox } from '../../../demo/sandbox-bjt/sandbox.js';
import { TestCentre } from '../../centre.js';

it('Without settings for 北京通 it is not offered, and its address leads to the password page', async () => {
  const without = await TestCentre.open();
  const page = await without.ask('/login');
  expect(page.text).not.toContain('北京通免密登录');
  const answer = await without.ask('/login/bjt?to=%2Fcenter%2Fresults');
  expect([answer.status, answer.headers.location]).toEqual([303, '/login?bjt=unset&to=%2Fcenter%2Fresults']);
  expect((await without.ask(String(answer.headers.location))).text).toContain('还没有开通');
  await without.close();
});

it('A platform that was not available is asked again once it is', async () => {
  const other = mkdtempSync(join(tmpdir(), 'bjt-'));
  const first = await Sandbox.start({ folder: other });
  await first.close();
  const early = await TestCentre.open(new Date().toISOString(), { ...first.settings });
  expect((await early.ask('/login/bjt')).headers.location).toBe('/login?bjt=unavailable');
  const second = await Sandbox.start({ folder: other });
  const answer = await early.ask('/login/bjt');
  expect(String(answer.headers.location)).toContain(`${second.settings.BJT_ISSUER}/auth?`);
  await early.close();
  await second.close();
  rmSync(other, { recursive: true });
});
