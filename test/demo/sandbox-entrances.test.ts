import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { Sandbox as SingleSignOn } from '../../demo/sandbox-bjt/sandbox.js';
import { Sandbox as Platform } from '../../demo/sandbox-platform/sandbox.js';

const CENTRE = 'http://127.0.0.1:3000';

let folder: string;
let platform: Platform;
let singleSignOn: SingleSignOn;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandboxes-'));
  platform = await Platform.start({ folder: join(folder, 'platform'), now: () => new Date('2026-11-27T16:30:00.000Z') });
  singleSignOn = await SingleSignOn.start({ folder: join(folder, 'bjt') });
});
afterAll(async () => {
  await platform.close();
  await singleSignOn.close();
  rmSync(folder, { recursive: true });
});

async function opened(address: string) {
  const answer = await fetch(address);
  const $ = load(await answer.text());
  return { status: answer.status, policy: answer.headers.get('content-security-policy'), heading: $('h1').text(), text: $('main').text(), $ };
}

it.each<[string, () => { centre: string | undefined }, () => string, string, string]>([
  ['payment platform', () => platform, () => platform.settings.PAYMENT_PLATFORM_URL, '代替公共支付平台的沙盒', '去支付'],
  ['北京通', () => singleSignOn, () => singleSignOn.settings.BJT_ISSUER, '代替北京通的沙盒', '北京通免密登录'],
])(
  'The printed address of the sandbox of the %s says what it is and from where it is entered, and leads to the centre',
  async (_, sandbox, address, name, button) => {
    sandbox().centre = CENTRE;
    const { status, policy, heading, text, $ } = await opened(address());
    expect([status, heading, $('a').attr('href')]).toEqual([200, name, CENTRE]);
    expect(text).toContain(button);
    expect(policy).toContain("default-src 'none'");
    expect((await fetch(`${address()}/nothing-here`)).status).toBe(404);
  },
);

it('The entrance of the sandbox platform links to the daily file of the last day', async () => {
  const { $ } = await opened(platform.settings.PAYMENT_PLATFORM_URL);
  expect($('code').text()).toBe('/days/2026-11-27.csv');
  expect((await fetch(platform.settings.PAYMENT_PLATFORM_URL + $('code').text())).status).toBe(200);
});

it('The entrance of the sandbox of 北京通 lists its people, and has no link while no centre is known', async () => {
  singleSignOn.people = () => [{ name: '张三', idNo: '11990019900101001X', note: '一个准考证号' }];
  singleSignOn.centre = undefined;
  const { text, $ } = await opened(singleSignOn.settings.BJT_ISSUER);
  expect(text).toContain('张三（一个准考证号）');
  expect($('a').length).toBe(0);
});
