import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TestCentre } from '../centre.js';
import { until } from '../until.js';
import { describeInBrowser, openBrowser, type Phone, phone, setTextSize, sidewaysScroll, smallTargets, violations } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

const now = '2026-11-22T02:00:00.000Z';
const IDLE = 2 * 60 * 60;

describeInBrowser('in a browser', () => {
  let centre: TestCentre;
  let address: string;
  let markup: Markup;
  let browser: Browser;
  let visitor: Phone;
  let page: Page;

  beforeAll(async () => {
    centre = await TestCentre.open(now);
    markup = watchMarkup(centre);
    await centre.candidate('101000000003');
    address = await centre.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await centre?.close();
  });
  beforeEach(async () => {
    centre.clock.time = new Date(now);
    visitor = await phone(browser, address);
    ({ page } = visitor);
  });
  afterEach(async () => {
    expect(visitor.elsewhere).toEqual([]);
    await visitor.context.close();
  });

  async function logIn(password = 'correct horse'): Promise<void> {
    await page.goto('/login');
    await page.fill('[name=account]', '101000000003');
    await page.fill('[name=password]', password);
    await page.click('main button.btn');
    await page.waitForURL('**/center');
  }

  describe('logging in', () => {
    it('says in its place what was wrong, keeps the number, and leaves no entry in the history', async () => {
      await page.goto('/login');
      await page.fill('[name=account]', '101000000003');
      await page.fill('[name=password]', 'wrong');
      await page.click('main button.btn');
      await page.getByRole('alert').filter({ hasText: '号码或密码不对' }).waitFor();
      expect(await page.inputValue('[name=account]')).toBe('101000000003');
      await page.fill('[name=password]', 'correct horse');
      const before = await page.evaluate(() => history.length);
      await page.click('main button.btn');
      await page.waitForURL('**/center');
      expect(await page.evaluate(() => history.length)).toBe(before);
    });

    it('is sent once however often the button is pressed', async () => {
      await page.goto('/login');
      await page.fill('[name=account]', '101000000003');
      await page.fill('[name=password]', 'correct horse');
      let sent = 0;
      let answer = () => {};
      const pressed = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route('**/login', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        sent += 1;
        await pressed;
        await route.continue();
      });
      const button = page.locator('main button.btn');
      await button.dispatchEvent('click');
      await page.getByText('正在提交…').waitFor();
      await button.dispatchEvent('click');
      await button.dispatchEvent('click');
      answer();
      await page.waitForURL('**/center');
      expect(sent).toBe(1);
    });

    it('without a network says so and can be tried again', async () => {
      await page.goto('/login');
      await page.fill('[name=account]', '101000000003');
      await page.fill('[name=password]', 'correct horse');
      await visitor.context.setOffline(true);
      await page.click('main button.btn');
      await page.getByRole('alert').filter({ hasText: '网络已断开' }).waitFor();
      await page.getByText('网络已断开，看到的可能不是最新内容').waitFor();
      await visitor.context.setOffline(false);
      await page.click('main button.btn');
      await page.waitForURL('**/center');
    });

    it('keeps what was typed where the answer is an error without a form, and says the error above it', async () => {
      await page.goto('/login');
      await page.fill('[name=account]', '101000000003');
      await page.fill('[name=password]', 'correct horse');
      const body = '<main id="main"><section><h1>系统繁忙</h1><p>请稍后再试。</p></section></main>';
      await page.route('**/login', (route) =>
        route.request().method() === 'POST' ? route.fulfill({ status: 503, contentType: 'text/html', body }) : route.continue(),
      );
      await page.click('main button.btn');
      await page.getByRole('alert').filter({ hasText: '系统繁忙。请稍后再试。' }).waitFor();
      expect([await page.inputValue('[name=account]'), await page.inputValue('[name=password]')]).toEqual(['101000000003', 'correct horse']);
      await page.unroute('**/login');
      await page.click('main button.btn');
      await page.waitForURL('**/center');
    });

    it('shows and hides what is typed as the password', async () => {
      await page.goto('/login');
      await page.getByRole('button', { name: '显示密码' }).click();
      expect(await page.getAttribute('#password', 'type')).toBe('text');
    });
  });

  describe('searching', () => {
    beforeEach(async () => {
      await logIn();
      await page.goto('/center/courses');
    });

    it('swaps the part in question and replaces the address', async () => {
      const before = await page.evaluate(() => history.length);
      await page.fill('[name=code]', '00158');
      await page.waitForURL('**/center/courses?code=00158');
      await page.locator('#courses:not([aria-busy])').getByText('没有找到课程').waitFor();
      expect(await page.evaluate(() => history.length)).toBe(before);
    });

    it('that fails keeps what is on the page, says so above it, and tries again', async () => {
      await page.fill('[name=code]', '00158');
      await page.locator('#courses:not([aria-busy])').getByText('没有找到课程').waitFor();
      await page.route('**/center/courses?*', (route) => route.fulfill({ status: 503, body: 'busy' }));
      for (const text of ['00159', '00160']) {
        const answered = page.waitForResponse(`**/center/courses?code=${text}`);
        await page.fill('[name=code]', text);
        await answered;
        await page.getByRole('alert').filter({ hasText: '系统暂时忙不过来' }).waitFor();
      }
      expect(await page.getByRole('alert').count()).toBe(1);
      expect(await page.locator('#courses').innerText()).toContain('没有找到课程');
      expect(await page.inputValue('[name=code]')).toBe('00160');
      expect(await page.evaluate(() => document.querySelector('#courses')?.previousElementSibling?.textContent)).toContain('系统暂时忙不过来');
      expect([await violations(page), await smallTargets(page)]).toEqual([[], []]);
      await page.unroute('**/center/courses?*');
      await page.getByRole('button', { name: '重试' }).click();
      await page.waitForURL('**/center/courses?code=00160');
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });

    it('without a network says that it is the network, and keeps what is on the page', async () => {
      const before = await page.locator('#courses').innerText();
      await visitor.context.setOffline(true);
      await page.fill('[name=code]', '00158');
      await page.getByRole('alert').filter({ hasText: '网络已断开，没有取到内容' }).waitFor();
      expect(await page.locator('#courses').innerText()).toBe(before);
    });

    it('shows its focus around the whole field', async () => {
      await page.focus('[name=code]');
      const outlines = await page.evaluate(() =>
        ['.search', '.search input'].map((each) => getComputedStyle(document.querySelector(each) as Element).outlineStyle),
      );
      expect(outlines).toEqual(['solid', 'none']);
    });

    it('leads to the login page and back when the session has ended', async () => {
      await visitor.context.clearCookies();
      await page.fill('[name=code]', '00158');
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('to') === '/center/courses?code=00158');
    });
  });

  describe('the end of a session', () => {
    const dialog = () => page.getByRole('dialog', { name: '即将自动退出' });

    beforeEach(async () => {
      await page.clock.install({ time: new Date(now) });
      await logIn();
    });

    /** Both clocks: the browser's and the server's. */
    async function pass(seconds: number): Promise<void> {
      centre.clock.time = new Date(centre.clock.time.getTime() + seconds * 1000);
      await page.clock.fastForward(seconds * 1000);
    }

    it('is told two minutes before, and 继续使用 puts it off', async () => {
      await pass(IDLE - 119);
      await dialog().waitFor();
      expect(await violations(page)).toEqual([]);
      await dialog().getByRole('button', { name: '继续使用' }).click();
      await dialog().waitFor({ state: 'hidden' });
      await pass(IDLE - 300);
      await page.reload();
      expect(new URL(page.url()).pathname).toBe('/center');
    });

    it('is put off by another tab', async () => {
      await pass(IDLE - 600);
      const another = await visitor.context.newPage();
      await another.goto('/center/courses');
      const asked = page.waitForResponse('**/center/session');
      await pass(481);
      await (await asked).finished();
      await page.evaluate(() => fetch('/center/session').then((answer) => answer.json())); // comes after the page's own question
      expect(await dialog().isVisible()).toBe(false);
    });

    it('is decided by the server: the page that asks in its last second neither leaves nor renews it', async () => {
      centre.clock.time = new Date(Date.parse(now) + 300);
      await visitor.context.clearCookies();
      await logIn();
      await pass(IDLE - 100);
      await dialog().waitFor();
      const answers: string[] = [];
      page.on('response', (response) => response.url().endsWith('/center/session') && response.ok() && answers.push(response.url()));
      await pass(99.4); // cookies count whole seconds: 0.3 s before the end
      await until('the server was asked', () => answers.length > 0);
      expect(new URL(page.url()).pathname).toBe('/center');
      await pass(1);
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('to') === '/center');
      await page.getByText('登录已超时').waitFor();
    });

    it('without an answer from the server hides the page, and shows it again when the server says that the session goes on', async () => {
      await page.route('**/center/session', (route) => route.fulfill({ status: 503, body: 'busy' }));
      await pass(IDLE - 60);
      await dialog().waitFor();
      await page.clock.fastForward(61_000);
      await page.locator('#main').waitFor({ state: 'hidden' });
      await dialog().getByText('没有连上服务器').waitFor();
      await page.unroute('**/center/session');
      await dialog().getByRole('button', { name: '继续使用' }).click();
      await page.locator('#main').waitFor();
      expect(new URL(page.url()).pathname).toBe('/center');
    });

    it('leads to the login page, which says why and leads back', async () => {
      await pass(IDLE + 1);
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('to') === '/center');
      await page.getByText('登录已超时').waitFor();
    });
  });

  describe('copying an address', () => {
    beforeEach(() => page.goto('/login').then(() => page.getByText('还不是自考生').last().click()));
    const copy = () => page.getByRole('button', { name: '复制' }).first();

    it('takes it to the clipboard and says so', async () => {
      await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await copy().click();
      await page.getByRole('button', { name: '已复制' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('https://zikao.bjeea.cn');
    });

    it('selects it where a webview has no way to copy', async () => {
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.execCommand = () => false;
      });
      await copy().click();
      await page.getByRole('button', { name: '请长按复制' }).waitFor();
      expect(await page.evaluate(() => String(getSelection()))).toBe('https://zikao.bjeea.cn');
    });
  });

  it('a page brought back from memory is asked for anew', async () => {
    await page.goto('/login');
    const again = page.waitForEvent('load');
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await again;
  });

  it('the tab bar makes room for the keyboard', async () => {
    await logIn();
    await page.goto('/center/courses');
    const tabs = page.getByRole('navigation', { name: '主导航' });
    expect(await tabs.isVisible()).toBe(true);
    await page.focus('[name=code]');
    await tabs.waitFor({ state: 'hidden' });
  });

  it('the first stop of the keyboard leads past the frame', async () => {
    await logIn();
    await page.goto('/center/courses');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: '跳到正文' }).press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main')?.id)).toBe('main');
  });

  it('a page that awaits something asks for itself again and shows it when it is there', async () => {
    await logIn();
    const awaiting = '<main id="main" data-ask-again="1"><p>处理中</p></main>';
    let asked = 0;
    await page.route('**/center/payments*', async (route) => {
      asked += 1;
      expect([asked, new URL(route.request().url()).search]).toEqual([asked, asked === 1 ? '' : '?automatic=1']);
      const html = await (await route.fetch()).text();
      await route.fulfill({ body: asked < 3 ? html.replace(/<main[^>]*>[\s\S]*<\/main>/, awaiting) : html, contentType: 'text/html; charset=utf-8' });
    });
    await page.goto('/center/payments');
    await page.getByText('处理中').waitFor();
    await page.getByText('处理中').waitFor({ state: 'detached' });
    expect(asked).toBe(3);
  });

  it('keeps nothing in the browser, and the content security policy has nothing to say', async () => {
    await logIn();
    await page.goto('/center/courses');
    await page.fill('[name=code]', '1');
    await page.waitForURL('**?code=1');
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    expect(visitor.complaints).toEqual([]);
  });

  it('without JavaScript logs in, searches and shows no control that would not work', async () => {
    await visitor.context.close();
    visitor = await phone(browser, address, { javaScript: false });
    ({ page } = visitor);
    await page.goto('/login');
    expect(await page.getByRole('button').allTextContents()).toEqual(['登录']);
    await logIn();
    await page.goto('/center/courses');
    await page.fill('[name=code]', '00158');
    await page.getByRole('button', { name: '搜索' }).click();
    await page.getByText('没有找到课程').waitFor();
    expect(page.url()).toContain('code=00158');
  });

  it.each([
    ['light', 390],
    ['dark', 390],
    ['light', 320],
    ['light', 1280],
  ] as const)('the login page holds in %s at %i px, and at 200 %% of text', async (colorScheme, width) => {
    await visitor.context.close();
    visitor = await phone(browser, address, { colorScheme, width });
    ({ page } = visitor);
    await page.goto('/login');
    await page.getByText('忘记密码').last().click();
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    await setTextSize(page, 2);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('every page that was sent in these tests is valid HTML', () => {
    expect(markup.pages).toBeGreaterThan(0);
    expect([...markup.faults]).toEqual([]);
  });
});
