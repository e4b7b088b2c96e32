import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, setTextSize, sidewaysScroll, smallTargets, violations } from './browser.js';
import { VisitedCentre } from './visited-centre.js';

describeInBrowser('The centre in a browser', () => {
  const at = VisitedCentre.forTests();
  let page: Page;
  beforeEach(() => {
    ({ page } = at.visitor);
  });

  describe('While signing in', () => {
    it('The login page shows the error beside the field, keeps the number, and adds no history entry', async () => {
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

    it('The login page sends the form once however often the button is pressed', async () => {
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

    it('The login page says that there is no network, and can be tried again', async () => {
      await page.goto('/login');
      await page.fill('[name=account]', '101000000003');
      await page.fill('[name=password]', 'correct horse');
      await at.visitor.context.setOffline(true);
      await page.click('main button.btn');
      await page.getByRole('alert').filter({ hasText: '网络已断开' }).waitFor();
      await page.getByText('网络已断开，看到的可能不是最新内容').waitFor();
      await at.visitor.context.setOffline(false);
      await page.click('main button.btn');
      await page.waitForURL('**/center');
    });

    it('The login page keeps the typed text and shows the error above it when the answer has no form', async () => {
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

    it('The login page shows and hides the typed password', async () => {
      await page.goto('/login');
      await page.getByRole('button', { name: '显示密码' }).click();
      expect(await page.getAttribute('#password', 'type')).toBe('text');
    });
  });

  describe('While searching', () => {
    beforeEach(async () => {
      await at.logIn();
      await page.goto('/center/courses');
    });

    it('A search in a browser replaces the fragment and the address', async () => {
      const before = await page.evaluate(() => history.length);
      await page.fill('[name=code]', '00158');
      await page.waitForURL('**/center/courses?code=00158');
      await page.locator('#courses:not([aria-busy])').getByText('没有找到课程').waitFor();
      expect(await page.evaluate(() => history.length)).toBe(before);
    });

    it('A search in a browser keeps the page and shows the error above it when a request fails, and can try again', async () => {
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

    it('A search in a browser keeps the page and says that there is no network', async () => {
      const before = await page.locator('#courses').innerText();
      await at.visitor.context.setOffline(true);
      await page.fill('[name=code]', '00158');
      await page.getByRole('alert').filter({ hasText: '网络已断开，没有取到内容' }).waitFor();
      expect(await page.locator('#courses').innerText()).toBe(before);
    });

    it('A search in a browser shows the focus around the whole field', async () => {
      await page.focus('[name=code]');
      const outlines = await page.evaluate(() =>
        ['.search', '.search input'].map((each) => getComputedStyle(document.querySelector(each) as Element).outlineStyle),
      );
      expect(outlines).toEqual(['solid', 'none']);
    });

    it('A search in a browser leads to the login page and back when the session has ended', async () => {
      await at.visitor.context.clearCookies();
      await page.fill('[name=code]', '00158');
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('to') === '/center/courses?code=00158');
    });
  });

  describe('While copying an address', () => {
    beforeEach(() => page.goto('/login').then(() => page.getByText('还不是自考生').last().click()));
    const copy = () => page.getByRole('button', { name: '复制' }).first();

    it('The button that copies an address copies it to the clipboard and says so', async () => {
      await at.visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await copy().click();
      await page.getByRole('button', { name: '已复制' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('https://zikao.bjeea.cn');
    });

    it('The button that copies an address selects the text where a web-view cannot copy', async () => {
      await page.evaluate(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.execCommand = () => false;
      });
      await copy().click();
      await page.getByRole('button', { name: '请长按复制' }).waitFor();
      expect(await page.evaluate(() => String(getSelection()))).toBe('https://zikao.bjeea.cn');
    });
  });

  it('The centre in a browser hides the tab bar while the keyboard is open', async () => {
    await at.logIn();
    await page.goto('/center/courses');
    const tabs = page.getByRole('navigation', { name: '主导航' });
    expect(await tabs.isVisible()).toBe(true);
    await page.focus('[name=code]');
    await tabs.waitFor({ state: 'hidden' });
  });

  it('The centre in a browser has a skip link as the first stop of the keyboard', async () => {
    await at.logIn();
    await page.goto('/center/courses');
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: '跳到正文' }).press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main')?.id)).toBe('main');
  });

  it('The centre in a browser stores nothing in the browser, and violates no content security policy', async () => {
    await at.logIn();
    await page.goto('/center/courses');
    await page.fill('[name=code]', '1');
    await page.waitForURL('**?code=1');
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
    expect(at.visitor.complaints).toEqual([]);
  });

  it('The centre in a browser works without JavaScript for signing in and searching, and shows no control that needs it', async () => {
    page = await at.anew({ javaScript: false });
    await page.goto('/login');
    expect(await page.getByRole('button').allTextContents()).toEqual(['登录']);
    await at.logIn();
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
  ] as const)('The centre in a browser has a readable login page in %s mode at %i px, and at 200 %% text', async (colorScheme, width) => {
    page = await at.anew({ colorScheme, width });
    await page.goto('/login');
    await page.getByText('忘记密码').last().click();
    expect(await violations(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    await setTextSize(page, 2);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('The centre in a browser uses only pages of valid HTML', () => {
    expect(at.markup.pages).toBeGreaterThan(0);
    expect([...at.markup.faults]).toEqual([]);
  });
});
