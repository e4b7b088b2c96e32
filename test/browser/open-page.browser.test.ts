import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../until.js';
import { describeInBrowser, violations } from './browser.js';
import { NOW, VisitedCentre } from './visited-centre.js';

const IDLE = 2 * 60 * 60;

describeInBrowser('A page that stays open', () => {
  const at = VisitedCentre.forTests();
  let page: Page;
  beforeEach(() => {
    ({ page } = at.visitor);
  });

  describe('At the end of its session', () => {
    const dialog = () => page.getByRole('dialog', { name: '即将自动退出' });

    beforeEach(async () => {
      await page.clock.install({ time: new Date(NOW) });
      await at.logIn();
    });

    /** Both clocks: the browser's and the server's. */
    async function pass(seconds: number): Promise<void> {
      at.centre.clock.time = new Date(at.centre.clock.time.getTime() + seconds * 1000);
      await page.clock.fastForward(seconds * 1000);
    }

    it('A page at the end of its session warns two minutes before, and 继续使用 extends the session', async () => {
      await pass(IDLE - 119);
      await dialog().waitFor();
      expect(await violations(page)).toEqual([]);
      await dialog().getByRole('button', { name: '继续使用' }).click();
      await dialog().waitFor({ state: 'hidden' });
      await pass(IDLE - 300);
      await page.reload();
      expect(new URL(page.url()).pathname).toBe('/center');
    });

    it('A page at the end of its session is extended by another tab', async () => {
      await pass(IDLE - 600);
      const another = await at.visitor.context.newPage();
      await another.goto('/center/courses');
      const asked = page.waitForResponse('**/center/session');
      await pass(481);
      await (await asked).finished();
      await page.evaluate(() => fetch('/center/session').then((answer) => answer.json())); // after the page's own request
      expect(await dialog().isVisible()).toBe(false);
    });

    it('A page at the end of its session leaves the decision to the server: a request in the last second neither ends nor renews the session', async () => {
      at.centre.clock.time = new Date(Date.parse(NOW) + 300);
      await at.visitor.context.clearCookies();
      await at.logIn();
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

    it('A page at the end of its session hides the page when the server does not answer, and shows it again once the server confirms the session', async () => {
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

    it('A page at the end of its session leads to the login page, which gives the reason and leads back', async () => {
      await pass(IDLE + 1);
      await page.waitForURL((url) => url.pathname === '/login' && url.searchParams.get('to') === '/center');
      await page.getByText('登录已超时').waitFor();
    });
  });

  it('A page that stays open reloads when the browser restores it from memory', async () => {
    await page.goto('/login');
    const again = page.waitForEvent('load');
    await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await again;
  });

  it('A page that stays open reloads by itself while it waits for something, and shows it when it is there', async () => {
    await at.logIn();
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

  it('A page that stays open uses only pages of valid HTML', () => {
    expect(at.markup.pages).toBeGreaterThan(0);
    expect([...at.markup.faults]).toEqual([]);
  });
});
