import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { knownReactors } from '../../src/composition/known/reactors.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { newResetCode, resetCodeHash } from '../../src/identity/passwords/reset-codes.js';
import { SessionKeys } from '../../src/identity/sessions/session-keys.js';
import { initializeReactors } from '../../src/reactions/reactor-checkpoint.js';
import { SqliteReactionStore } from '../../src/reactions/sqlite.reaction-store.js';
import { IssueResetCode } from '../../src/registrations/passwords/issue-reset-code.command.js';
import { TestCentre } from '../centre.js';
import { readQrCode } from '../qr-code.js';
import { reactIn } from '../reactions/react-in.js';
import { until } from '../until.js';
import { describeInBrowser, openBrowser, type Phone, phone, sidewaysScroll, smallTargets, violations } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

const OLD = 'correct horse';
const NEW = '四郎探母 坐宫一折';

describeInBrowser('An account on a phone', () => {
  let centre: TestCentre;
  let address: string;
  let markup: Markup;
  let browser: Browser;
  let visitor: Phone;
  let page: Page;
  let account = 119_912_345_600;
  let id: string;

  beforeAll(async () => {
    centre = await TestCentre.open();
    markup = watchMarkup(centre);
    address = await centre.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await centre?.close();
  });

  beforeEach(async () => {
    centre.clock.time = new Date(centre.clock.time.getTime() + 3_600_000);
    id = await centre.candidate(String(++account), { name: '欧阳娜娜' });
    visitor = await phone(browser, address);
    ({ page } = visitor);
  });
  afterEach(async () => {
    expect(visitor.elsewhere).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  const says = (text: string) => page.locator('#main').getByText(text).first().waitFor();
  const press = (button: string) => page.getByRole('button', { name: button, exact: true }).click();
  const isWell = async () => expect([await violations(page), await smallTargets(page), await sidewaysScroll(page)]).toEqual([[], [], 0]);
  async function signIn(password: string, on = page): Promise<void> {
    await on.goto('/login');
    await on.fill('[name=account]', String(account));
    await on.fill('[name=password]', password);
    await on.getByRole('button', { name: '登录', exact: true }).click();
    await on.waitForURL(`${address}/center`);
  }
  async function fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
  }
  /** The complaint that a refused form leaves in a browser's console. */
  const refused = () => expect(visitor.complaints.splice(0)).toEqual([expect.stringContaining('422')]);

  it('An account on a phone can change its password, with the reason of a refusal beside the field', async () => {
    await signIn(OLD);
    await page.goto('/center/account');
    await page.getByRole('link', { name: '修改密码' }).click();
    await page.waitForURL('**/center/account/password');
    await fill({ old: OLD, password: 'password1', again: 'password1' });
    await press('修改密码');
    await says('用的人太多');
    refused();
    await isWell();
    await fill({ old: OLD, password: NEW, again: NEW });
    await press('修改密码');
    await says('密码已经修改');
    await isWell();
    await page.goBack();
    expect(page.url()).toBe(`${address}/center/account`);
    await press('退出登录');
    await page.waitForURL(`${address}/login?out=1`);
    await signIn(NEW);
  });

  it('An account on a phone shows that its other sessions are being ended, and updates by itself when they are', async () => {
    const store = new SqliteReactionStore(join(centre.folder, 'read-models.sqlite'));
    await initializeReactors(centre.get(EventStore), store, knownReactors);
    await store.close();
    await signIn(OLD);
    await page.goto('/center/account/password');
    await fill({ old: OLD, password: NEW, again: NEW });
    await press('修改密码');
    await says('其他设备上的登录正在退出，处理中');
    await isWell();
    const acting = await reactIn(centre);
    await says('其他设备上的登录都已退出');
    await acting.stop();
  });

  it('An account on a phone does not report a change of password when the session had ended before', async () => {
    await signIn(OLD);
    await page.goto('/center/account/password');
    centre.clock.time = new Date(centre.clock.time.getTime() + 3 * 3_600_000);
    await fill({ old: OLD, password: NEW, again: NEW });
    await press('修改密码');
    await page.waitForURL(`${address}/login?**`);
    await fill({ account: String(account), password: OLD });
    await press('登录');
    await page.waitForURL(`${address}/center**`);
    expect(await page.getByText('密码已经修改').count()).toBe(0);
  });

  it('An account on a phone can sign in when the address ends in a fragment', async () => {
    await page.goto('/login#main');
    await fill({ account: String(account), password: OLD });
    await press('登录');
    await page.waitForURL(`${address}/center`);
  });

  it('An account on a phone can set its password by an office’s code, by a link on the login page', async () => {
    const code = newResetCode();
    const until = new Date(centre.clock.time.getTime() + 24 * 3_600_000).toISOString();
    await centre.record(new IssueResetCode(centre.given(), id, resetCodeHash(centre.get(SessionKeys).reset, id, code), until));
    await page.goto('/login');
    await page.getByText('忘记密码').click();
    await page.getByRole('link', { name: '用重设码设置新密码' }).click();
    await page.waitForURL('**/login/reset');
    await isWell();
    await fill({ account: String(account), code: 'AAAA-AAAA', password: NEW, again: NEW });
    await press('设置新密码');
    await says('号码或重设码不对');
    refused();
    await isWell();
    await fill({ code, password: NEW, again: NEW });
    await press('设置新密码');
    await says('新密码已经设置');
    await isWell();
    await page.getByRole('link', { name: '去登录' }).click();
    await signIn(NEW);
  });

  it('An account on a phone lists its sessions with device and time, ends another one, and shows failed sign-ins', async () => {
    await signIn(OLD);
    const other = await phone(browser, address, { width: 1280 });
    await other.page.goto('/login');
    await other.page.fill('[name=account]', String(account));
    await other.page.fill('[name=password]', 'a wrong one');
    await other.page.getByRole('button', { name: '登录', exact: true }).click();
    await other.page.getByText('号码或密码不对').waitFor();
    await signIn(OLD, other.page);
    await page.goto('/login');
    await centre.settled();
    await page.goto('/center/account');
    const sessions = page.locator('#sessions li');
    expect(await sessions.count()).toBe(2);
    expect(await sessions.filter({ hasText: '这台设备' }).count()).toBe(1);
    await until('the wrong password', async () => {
      await page.reload();
      return (await page.getByText('密码不对的登录').count()) > 0;
    });
    await page.getByText('密码不对的登录').click();
    await says('1 次');
    expect(await sessions.first().innerText()).toMatch(/\d+月\d+日.*\d\d:\d\d/s);
    await isWell();
    await page.getByRole('button', { name: /^退出 .* 上的登录$/ }).click();
    await page.waitForFunction(() => document.querySelectorAll('#sessions li').length === 1);
    await other.page.goto('/center');
    expect(new URL(other.page.url()).pathname).toBe('/login');
    await other.context.close();
  });

  it('An account on a phone has a QR code of the centre’s address on a desktop’s login page', async () => {
    const desktop = await phone(browser, address, { width: 1280 });
    await desktop.page.goto('/login');
    const picture = await desktop.page.locator('.scan img').screenshot();
    expect(await readQrCode(sharp(picture))).toBe(`${address}/`);
    await desktop.context.close();
    await page.goto(`${address}/`);
    await page.waitForURL('**/login');
    expect(await page.locator('.scan').isVisible()).toBe(false);
  });

  it('An account on a phone uses only pages of valid HTML', () => {
    expect(markup.pages).toBeGreaterThan(0);
    expect([...markup.faults]).toEqual([]);
  });
});
