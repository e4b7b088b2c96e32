import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { Sandbox } from '../../demo/sandbox-platform/sandbox.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { billStreamName } from '../../src/payments/payments.streams.js';
import { TestCentre } from '../centre.js';
import { reactIn } from '../reactions/react-in.js';
import { until } from '../until.js';
import { browserCookies, openBrowser, type Phone, phone, type Visit } from './browser.js';

const ACCOUNT = '119912345601';

/** A centre with its sandbox platform, reactors, timers and a browser. All except the browser use one clock, which the test sets. */
export class PaidInBrowser {
  private billed = 0;

  private constructor(
    readonly centre: TestCentre,
    private readonly sandbox: Sandbox,
    private readonly folder: string,
    private readonly acting: { stop(): Promise<void> },
    private readonly browser: Browser,
    private readonly address: string,
  ) {}

  static async open(): Promise<PaidInBrowser> {
    const folder = mkdtempSync(join(tmpdir(), 'paid-'));
    let centre: TestCentre | undefined;
    const sandbox = await Sandbox.start({ folder, now: () => centre?.clock.now() ?? new Date() });
    // not before the recorded times, from which refunds are requested
    centre = await TestCentre.open(new Date().toISOString(), { ...sandbox.settings });
    await centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' }, { code: '00261', name: '行政法学', credits: '5' });
    await centre.rows('periods', { period: '2704', name: '2027年4月', exam_starts: '2027-04-10', exam_ends: '2027-04-11' });
    await centre.candidate(ACCOUNT);
    const acting = await reactIn(centre);
    const address = await centre.listen();
    sandbox.notify(address);
    return new PaidInBrowser(centre, sandbox, folder, acting, await openBrowser(), address);
  }

  /** A bill of 76 yuan for two courses. @param minutes until its deadline */
  async newBill(minutes = 31 * 60): Promise<string> {
    const bill = String(20_261_120_000_000 + ++this.billed);
    const terms = { period: '2704', kind: 'enrolment', state: 'due', amount_fen: '7600', items: '03708:3000 00261:4600' };
    await this.centre.rows('payments', {
      ...terms,
      bill_no: bill,
      admission_no: ACCOUNT,
      created_at: '2026-11-20T20:12:00+08:00',
      due_by: this.later(minutes),
    });
    return bill;
  }

  /** A phone with the candidate signed in. */
  async signedIn(visit: Visit = {}): Promise<Phone> {
    const visitor = await phone(this.browser, this.address, visit);
    await visitor.context.addCookies(browserCookies(await this.centre.signIn(ACCOUNT), this.address));
    return visitor;
  }

  /** Goes from the bill to the platform, and presses a button there. */
  async payAt(page: Page, bill: string, button: string): Promise<void> {
    await page.goto(`/center/bills/${bill}`);
    await this.leave(page);
    await this.press(page, button);
  }

  /** Presses the bill's button. */
  async leave(page: Page, name: RegExp = /^(去|继续)支付/): Promise<void> {
    await page.getByRole('button', { name }).click();
    await page.waitForURL(`${this.platform}/pay?**`);
  }

  /** Presses a button at the platform that leads back to the bill. */
  async press(page: Page, button: string): Promise<void> {
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.waitForURL('**/center/bills/*?asked=*');
  }

  get platform(): string {
    return this.sandbox.settings.PAYMENT_PLATFORM_URL;
  }

  pass(seconds: number): void {
    this.centre.clock.time = new Date(this.centre.clock.time.getTime() + seconds * 1_000);
  }

  async events(bill: string): Promise<readonly string[]> {
    const [history = []] = await this.centre.get(EventStore).streams([billStreamName(bill)]);
    return history.map(({ type }) => type);
  }

  /** Waits until something of a bill is recorded and shown. */
  async shown(bill: string, type: string): Promise<void> {
    await until(`${type} of ${bill}`, async () => (await this.events(bill)).includes(type));
    await this.centre.settled();
  }

  /** A phone's requests to hosts other than the centre's and the platform's. */
  strangersTo({ elsewhere }: Phone): readonly string[] {
    return elsewhere.filter((address) => new URL(address).origin !== this.platform);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.acting.stop();
    await this.sandbox.close();
    await this.centre.close();
    rmSync(this.folder, { recursive: true });
  }

  /** The instant some minutes from now. */
  private later(minutes: number): string {
    return new Date(this.centre.clock.time.getTime() + minutes * 60_000).toISOString();
  }
}
