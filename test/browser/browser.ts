import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const { chromium } = require('playwright-core') as typeof import('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const PLACES = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((place) => place !== '' && existsSync(place));

/** Tests that need a browser. They are skipped where none is installed (`CHROMIUM` is its path); `.ci/run` installs it. */
export const describeInBrowser = executablePath ? describe : describe.skip;

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** How long an action in a page may take on a busy machine, in milliseconds. */
const PATIENCE = 120_000;

/** Headless Chromium, which the caller has to close. */
export function openBrowser(): Promise<Browser> {
  if (!executablePath) throw new Error('there is no Chromium: set CHROMIUM to its path');
  return chromium.launch({ executablePath, args, timeout: PATIENCE });
}

/** The view of a page; by default a phone of 390×844 in light mode. */
export interface Visit {
  readonly javaScript?: boolean;
  readonly colorScheme?: 'light' | 'dark';
  /** Width in CSS pixels; from 800 on a desktop with a mouse. */
  readonly width?: number;
}

/** A browser context with its own cookies, and the problems found in it. */
export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requested addresses on other hosts: there must be none. */
  readonly elsewhere: readonly string[];
  /** Uncaught errors, and errors on the console such as those of the content security policy. */
  readonly complaints: string[];
}

/** @param address the centre's, such as `http://127.0.0.1:4123`: paths given to `page.goto` are below it */
export async function phone(browser: Browser, address: string, { javaScript = true, colorScheme = 'light', width = 390 }: Visit = {}): Promise<Phone> {
  const isDesktop = width >= 800;
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width, height: 844 },
    deviceScaleFactor: isDesktop ? 1 : 3,
    isMobile: !isDesktop,
    hasTouch: !isDesktop,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: javaScript,
    colorScheme,
    // colours are measured after all transitions
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== address && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { context, page, elsewhere, complaints };
}

/** The cookies of a session from `TestCentre.signIn`, for `context.addCookies`. */
export function browserCookies(cookies: string, url: string): { readonly name: string; readonly value: string; readonly url: string }[] {
  return cookies.split('; ').map((cookie) => ({ name: cookie.replace(/=.*/, ''), value: cookie.replace(/^[^=]*=/, ''), url }));
}

/** The rules of axe whose result depends on light or dark mode. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/**
 * The violations that axe finds, a line each, by WCAG 2.2 AA and best practices. It runs in the page itself, since no page has frames,
 * and axe's support for frames opens a blank page each time, which takes six times as long.
 * @param rules only these rules; by default all that axe enables
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(`window.axe || ${axe}; 0`);
  const options = { resultTypes: ['violations'], preload: false, ...(rules && { runOnly: { type: 'rule', values: rules } }) };
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`));
}

/** Sets the text size as an app's setting does: 2 is 200 %. */
export function setTextSize(page: Page, times: number): Promise<void> {
  return page.evaluate((size) => document.documentElement.style.setProperty('font-size', size), `${times * 100}%`);
}

/** How many pixels wider than the screen the page is: 0 where it does not scroll sideways. */
export function sidewaysScroll(page: Page): Promise<number> {
  const screen = page.viewportSize()?.width ?? 0;
  return page.evaluate((width) => Math.max(0, document.documentElement.scrollWidth - width), screen);
}

/** Controls smaller than 44×44, except links within a sentence, each with its size. */
export function smallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('a, button, summary, select, input:not([type=hidden])')];
    return controls
      .filter((control) => control.offsetParent !== null && !control.closest('.skip, .prose, p.note, .alert p:not(.ways)'))
      .map((control) => ({ control, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ control, box }) => `${control.outerHTML.slice(0, 80)} ${Math.round(box.width)}×${Math.round(box.height)}`);
  });
}

/** Pairs of controls that overlap, and adjacent links less than 8 px apart, where a thumb would press the wrong one. */
export function crowdedTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const shown = [...document.querySelectorAll<HTMLElement>('a, button, summary, select, input:not([type=hidden])')]
      .filter((control) => control.offsetParent !== null && !control.closest('.skip, .prose, p.note, .alert p:not(.ways), .with-button, .tabs, .bar'))
      .map((control) => ({ control, box: control.getBoundingClientRect(), apart: control.matches('.ways a, .foot a') ? 7.5 : 0 }));
    const pairs = shown.flatMap((one, at) => shown.slice(at + 1).map((other) => [one, other] as const));
    return pairs
      .filter(([one, other]) => !one.control.contains(other.control) && !other.control.contains(one.control))
      .filter(([{ box: one, apart }, { box: other, apart: alike }]) => {
        const gap = Math.max(
          Math.max(one.left, other.left) - Math.min(one.right, other.right),
          Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom),
        );
        return gap < (Math.min(apart, alike) || -0.5);
      })
      .map(([one, other]) => [one, other].map(({ control }) => control.outerHTML.slice(0, 60)).join(' and '));
  });
}

/** Dates, states and buttons that are broken into two lines. */
export function brokenWords(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const words = /周[一二三四五六日]|[上下]午|\d\d:\d\d|已缴费|待缴费|不合格|考场号|座次号|查看账单|考试规则/g;
    const short = document.querySelectorAll('.row, .facts, .next, .tag, .seat, h1, h2, h3, h4, .btn, .ways a, .filter a');
    const broken = [...short].flatMap((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        for (const { 0: word, index } of (text.textContent ?? '').matchAll(words)) {
          const range = document.createRange();
          range.setStart(text, index);
          range.setEnd(text, index + word.length);
          if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) found.push(`${word} in ${text.textContent}`);
        }
      }
      return found;
    });
    return [...new Set(broken)];
  });
}

/** Lines with a bad end: after a dot between two facts, or within an address or a tab; and text too long for a search field. */
export function badLineEnds(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    /** The line of each character of an element's text. */
    const lines = (element: Element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const found: { character: string; top: number }[] = [];
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        [...(text.textContent ?? '')].forEach((character, at) => {
          const range = document.createRange();
          range.setStart(text, at);
          range.setEnd(text, at + 1);
          const box = range.getBoundingClientRect();
          if (box.width > 1 && character.trim() !== '') found.push({ character, top: Math.round(box.top + box.height / 2) });
        });
      }
      return found;
    };
    /** The last character of each line but the last, with the first of the next. */
    const ends = (element: Element) => {
      const all = lines(element);
      return all.slice(1).flatMap(({ character: next, top }, at) => {
        const { character: last, top: before } = all[at] ?? { character: '', top };
        return Math.abs(top - before) > 8 ? [{ last, next }] : [];
      });
    };
    const shown = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.offsetParent !== null);
    const dots = shown('p, dd, small').filter((element) => element.textContent?.includes(' · ') && ends(element).some(({ last }) => last === '·'));
    const tabs = shown('.filter a').filter((element) => (element.textContent ?? '').length < 7 && ends(element).length > 0);
    const addresses = shown('.address code').filter((element) => /^https?:/.test(element.textContent ?? ''));
    const parted = addresses.filter((element) => ends(element).some(({ last, next }) => next !== '.' && last !== '/'));
    const cut = shown('input[placeholder]').filter((element) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(element);
      const pen = document.createElement('canvas').getContext('2d');
      if (!pen) throw new Error('this browser does not draw');
      pen.font = font;
      return (
        pen.measureText(element.getAttribute('placeholder') ?? '').width >
        element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
      );
    });
    const says = (what: string, found: readonly Element[]) => found.map((element) => `${what}: ${element.textContent?.slice(0, 60)}`);
    return [...says('ends with a dot', dots), ...says('tab on two lines', tabs), ...says('address parts within', parted), ...says('placeholder is cut', cut)];
  });
}
