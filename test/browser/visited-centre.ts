import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { TestCentre } from '../centre.js';
import { openBrowser, type Phone, phone, type Visit } from './browser.js';
import { type Markup, watchMarkup } from './markup.js';

/** The centre's clock at the start of a test. */
export const NOW = '2026-11-22T02:00:00.000Z';
const ACCOUNT = '101000000003';

/** A centre with one candidate, and a browser. Each test has its own phone. */
export class VisitedCentre {
  centre!: TestCentre;
  visitor!: Phone;
  markup!: Markup;
  private browser!: Browser;
  private address = '';

  /** Opens one for all tests of a suite. */
  static forTests(): VisitedCentre {
    const at = new VisitedCentre();
    beforeAll(() => at.open());
    afterAll(async () => {
      await at.browser?.close();
      await at.centre?.close();
    });
    beforeEach(async () => {
      at.centre.clock.time = new Date(NOW);
      at.visitor = await phone(at.browser, at.address);
    });
    afterEach(async () => {
      expect(at.visitor.elsewhere).toEqual([]);
      await at.visitor.context.close();
    });
    return at;
  }

  /** Replaces the test's phone by another one. Returns its page. */
  async anew(visit: Visit): Promise<Page> {
    await this.visitor.context.close();
    this.visitor = await phone(this.browser, this.address, visit);
    return this.visitor.page;
  }

  async logIn(): Promise<void> {
    const { page } = this.visitor;
    await page.goto('/login');
    await page.fill('[name=account]', ACCOUNT);
    await page.fill('[name=password]', 'correct horse');
    await page.click('main button.btn');
    await page.waitForURL('**/center');
  }

  private async open(): Promise<void> {
    this.centre = await TestCentre.open(NOW);
    this.markup = watchMarkup(this.centre);
    await this.centre.candidate(ACCOUNT);
    this.address = await this.centre.listen();
    this.browser = await openBrowser();
  }
}
