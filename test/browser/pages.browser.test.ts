import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import type { Browser, Page } from 'playwright-core';
import type { DemoAccount } from '../../demo/accounts.js';
import { recordDemo } from '../../demo/record-demo.js';
import { Catalogue } from '../../src/catalogue/catalogue.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { hashPassword } from '../../src/identity/passwords/password-hash.js';
import { Vault } from '../../src/vault/vault.js';
import { TestCentre } from '../centre.js';
import {
  badLineEnds,
  brokenWords,
  COLOUR_RULES,
  crowdedTargets,
  describeInBrowser,
  openBrowser,
  phone,
  setTextSize,
  sidewaysScroll,
  smallTargets,
  type Visit,
  violations,
} from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

/** Every page of the centre for a confirmed candidate; bills and notices are found by their links. */
const ADDRESSES = [
  '/center',
  '/center/account',
  '/center/bills',
  '/center/courses',
  '/center/declarations',
  '/center/exam',
  '/center/majors',
  '/center/notices',
  '/center/payment-guide',
  '/center/payments',
  '/center/profile',
  '/center/results',
  '/center/rules',
  '/center/status',
  '/help',
  '/privacy',
];

/** Widths in CSS pixels and text sizes at which nothing may be cut off. */
const SCREENS = [
  ['320 px and 200 % text', 320, 2],
  ['430 px', 430, 1],
  ['the width of a desktop', 1280, 1],
] as const;

/** Pages that are the same for every candidate, checked once. */
const ALIKE = ['/help', '/privacy', '/center/rules', '/center/payment-guide', '/center/notices', '/center/notices/:one', '/center/account'];

describeInBrowser('Each page of the demo', () => {
  let centre: TestCentre;
  let address: string;
  let browser: Browser;
  let accounts: readonly DemoAccount[];
  let markup: Markup;

  beforeAll(async () => {
    centre = await TestCentre.open();
    const ports = {
      commands: centre.get(CommandBus),
      events: centre.get(EventStore),
      vault: centre.get(Vault),
      catalogue: centre.get(Catalogue),
      settings: centre.settings,
      hash: hashPassword,
    };
    accounts = await recordDemo(ports, centre.clock.now());
    await centre.settled();
    markup = watchMarkup(centre);
    address = await centre.listen();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await centre?.close();
  });

  /** Signs in as one of the accounts to try, does something, and checks that no problem occurred. */
  async function as(account: number, visit: Visit, work: (page: Page) => Promise<void>): Promise<void> {
    const { admissionNo, password } = accounts[account] as DemoAccount;
    const { page, context, elsewhere, complaints } = await phone(browser, address, visit);
    await page.goto('/login');
    await page.fill('[name=account]', admissionNo);
    await page.fill('[name=password]', password);
    await page.click('main button.btn');
    await page.waitForURL('**/center**');
    await work(page);
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }

  /** All of the centre's addresses reachable by links, each visited once; of bills, notices and years one each. */
  async function everyPage(page: Page, look: (path: string) => Promise<void>, without: readonly string[] = []): Promise<readonly string[]> {
    const kinds = new Set<string>(without);
    const seen: string[] = [];
    const next = ['/center'];
    for (let path = next.shift(); path !== undefined; path = next.shift()) {
      const kind = path.replace(/(bills|notices)\/[^/?]+/, '$1/:one').replace(/\?.*/, '');
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      seen.push(kind);
      if (path.endsWith('.pdf')) {
        expect([path, (await page.request.get(path)).status()]).toEqual([path, 200]); // a file, not a page
        continue;
      }
      const answer = await page.goto(path);
      expect([path, answer?.status()]).toEqual([path, 200]);
      await look(path);
      const links = await page.$$eval('a[href^="/"]', (found) => found.map((link) => link.getAttribute('href') ?? ''));
      next.push(...links.map((link) => link.replace(/#.*/, '')));
    }
    return seen;
  }

  describe('For a candidate with content on every page', () => {
    let seen: readonly string[];
    const found = new Map<string, readonly string[]>();

    /** Each page is loaded once for all checks. */
    beforeAll(() =>
      as(0, {}, async (page) => {
        seen = await everyPage(page, async (path) => {
          const note = (what: string, faults: readonly string[]) => found.set(what, [...(found.get(what) ?? []), ...faults.map((each) => `${path}: ${each}`)]);
          note('light', await violations(page));
          note('targets', [...(await smallTargets(page)), ...(await crowdedTargets(page))]);
          await page.emulateMedia({ colorScheme: 'dark' });
          note('dark', await violations(page, COLOUR_RULES));
          await page.emulateMedia({ colorScheme: 'light' });
          for (const [screen, width, size] of SCREENS) {
            await page.setViewportSize({ width, height: 844 });
            await setTextSize(page, size);
            note(screen, [...((await sidewaysScroll(page)) > 0 ? ['scrolls sideways'] : []), ...(await brokenWords(page)), ...(await badLineEnds(page))]);
          }
          await page.setViewportSize({ width: 390, height: 844 });
        });
      }),
    );

    it('Each page of the demo is reached by links', () => {
      expect(seen).toEqual(expect.arrayContaining([...ADDRESSES, '/center/bills/:one', '/center/notices/:one']));
    });

    it.each(['light', 'dark'])('Each page of the demo has no accessibility violation found by axe in %s mode', (mode) => {
      expect(found.get(mode)).toEqual([]);
    });

    it('Each page of the demo has no control that is too small or overlaps another', () => {
      expect(found.get('targets')).toEqual([]);
    });

    it.each(SCREENS.map(([screen]) => screen))('Each page of the demo does not scroll sideways, break a short word or end a line badly at %s', (screen) => {
      expect(found.get(screen)).toEqual([]);
    });
  });

  it.each([1, 2, 3, 4])('Each page of the demo has a correct layout in every state, for demo account %i', async (account) => {
    await as(account, {}, async (page) => {
      const wrong: string[] = [];
      await everyPage(
        page,
        async (path) => {
          wrong.push(...(await violations(page)).map((each) => `${path}: ${each}`));
          if ((await sidewaysScroll(page)) > 0) wrong.push(`${path}: scrolls sideways`);
        },
        ALIKE,
      );
      expect(wrong).toEqual([]);
    });
  });

  it('Each page of the demo works without JavaScript', async () => {
    await as(0, { javaScript: false }, async (page) => {
      expect(await everyPage(page, async () => undefined)).toEqual(expect.arrayContaining(ADDRESSES));
    });
  });

  describe('A page that changes in place', () => {
    it('A page that changes in place shows passed and failed results in tabs, and updates the address', async () => {
      await as(2, {}, async (page) => {
        await page.goto('/center/results');
        const all = await page.locator('#main').innerText();
        await page.getByRole('link', { name: /^不合格/ }).click();
        await page.waitForURL('**/center/results?tab=failed');
        const failed = await page.locator('#main').innerText();
        expect(failed.length).toBeLessThan(all.length);
        expect(failed).toContain('不合格');
        expect(await page.locator('.filter [aria-current]').innerText()).toMatch(/^不合格/);
      });
    });

    it('A page that changes in place shows declarations in tabs, and updates the address', async () => {
      await as(3, {}, async (page) => {
        await page.goto('/center/declarations');
        await page.getByRole('link', { name: '毕业申报' }).click();
        await page.waitForURL('**/center/declarations?tab=graduation');
        expect(await page.locator('.filter [aria-current]').innerText()).toBe('毕业申报');
      });
    });
  });

  it('Each page of the demo is shown for the admission number that a person with two chooses after signing in by citizen number', async () => {
    const { citizenNo, password } = accounts[4] as DemoAccount;
    const { page, context } = await phone(browser, address);
    await page.goto('/login');
    await page.fill('[name=account]', citizenNo ?? '');
    await page.fill('[name=password]', password);
    await page.click('main button.btn');
    await page.getByRole('heading', { name: '选择准考证号' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('form[action="/login/choice"] button').first().click();
    await page.waitForURL('**/center');
    await context.close();
  });

  it('Each page of the demo redirects a new candidate to the voucher', async () => {
    await as(1, {}, async (page) => {
      await page.goto('/center/results');
      expect(page.url()).toBe(`${address}/center/confirmation`);
      expect(await page.locator('#main').innerText()).toContain('现场确认凭单');
    });
  });

  it('Each page of the demo does not fetch the QR code on a phone', async () => {
    const { page, context } = await phone(browser, address);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('/login', { waitUntil: 'networkidle' });
    expect(asked).not.toContain('/entry.svg');
    await context.close();
  });

  it('Each page of the demo is not shown after signing out', async () => {
    await as(0, {}, async (page) => {
      await page.goto('/center/account');
      await page.locator('main form[action="/logout"] button').click();
      await page.waitForURL('**/login**');
      await page.getByRole('status').filter({ hasText: '已退出登录' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.goto('/center');
      expect(page.url()).toContain('/login');
    });
  });

  it('Each page of the demo is valid HTML', () => {
    expect(markup.pages).toBeGreaterThan(0);
    expect([...markup.faults]).toEqual([]);
  });
});
