import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { COLOUR_RULES, setTextSize, sidewaysScroll, violations } from './browser.js';

/** Looks at the page of now in both themes and with text twice as large. */
export async function expectSound(page: Page, name: string): Promise<void> {
  expect([name, await violations(page)]).toEqual([name, []]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect([name, 'dark', await violations(page, COLOUR_RULES)]).toEqual([name, 'dark', []]);
  await page.emulateMedia({ colorScheme: 'light' });
  await setTextSize(page, 2);
  expect([name, await sidewaysScroll(page)]).toEqual([name, 0]);
  await setTextSize(page, 1);
}
