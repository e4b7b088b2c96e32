import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { CommandBus } from '@nestjs/cqrs';
import { Sandbox } from '../../../demo/sandbox-platform/sandbox.js';
import { causedBy } from '../../../src/event-store/cause.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { NotificationOutcomes } from '../../../src/payments/notifications/notification-outcomes.js';
import { AskPayment } from '../../../src/payments/paying/ask-payment.command.js';
import type { TimeLimits } from '../../../src/web/requests/time-limits.js';
import { type Answer, TestCentre } from '../../centre.js';
import { until } from '../../until.js';
import { shown } from '../../web/shown.js';

export const ACCOUNT = '119912345601';
export const OTHER = '119912345602';

type Fields = Readonly<Record<string, string>>;

/** A centre that pays at a sandbox platform of its own, signed in to; each test has a bill to itself, and an hour after the last. */
export class PayingCentre {
  centre!: TestCentre;
  sandbox!: Sandbox;
  cookie = '';
  /** A bill of this test alone: of 30 yuan, due tomorrow. */
  bill = '';
  private billed = 0;
  private address = '';

  /** One for all tests of a file. `stores`: settings that say where they are, once the tests begin. */
  static forTests(stores: () => Fields = () => ({}), limits?: TimeLimits): PayingCentre {
    const at = new PayingCentre();
    const folder = mkdtempSync(join(tmpdir(), 'paying-'));
    beforeAll(() => at.open(folder, stores(), limits));
    beforeEach(() => at.begin());
    afterAll(async () => {
      await at.sandbox.close();
      await at.centre.close();
      rmSync(folder, { recursive: true });
    });
    return at;
  }

  async newBill(given: Fields = {}): Promise<string> {
    const bill_no = String(20_261_120_000_000 + ++this.billed);
    const terms = { period: '2704', kind: 'enrolment', state: 'due', amount_fen: '3000', items: '03708:3000' };
    const when = { created_at: '2026-11-20T20:12:00+08:00', due_by: this.later(31 * 60) };
    await this.centre.rows('payments', { bill_no, admission_no: ACCOUNT, ...terms, ...when, ...given });
    return bill_no;
  }

  /** The instant so many minutes from now. */
  later(minutes: number): string {
    return new Date(this.centre.clock.time.getTime() + minutes * 60_000).toISOString();
  }

  pass(seconds: number): void {
    this.centre.clock.time = new Date(this.centre.clock.time.getTime() + seconds * 1_000);
  }

  async page(url = `/center/bills/${this.bill}`): Promise<Answer> {
    await this.centre.settled();
    return this.centre.ask(url, { cookie: this.cookie });
  }

  press(bill = this.bill, form: Fields = {}): Promise<Answer> {
    return this.centre.ask(`/center/payments/${bill}`, { cookie: this.cookie, form: { _: '', ...form } });
  }

  /** Presses the button and goes where it leads: answers the signed order's address. */
  async leave(form: Fields = {}): Promise<string> {
    const { status, headers } = await this.press(this.bill, form);
    expect({ status, origin: new URL(String(headers.location)).origin }).toEqual({ status: 303, origin: this.sandbox.settings.PAYMENT_PLATFORM_URL });
    await fetch(String(headers.location));
    return String(headers.location);
  }

  atPlatform(address: string, button: string): Promise<Response> {
    return fetch(address, { method: 'POST', body: new URLSearchParams({ do: button }), redirect: 'manual' });
  }

  /** The types of a bill's events. */
  async events(bill = this.bill): Promise<readonly string[]> {
    const [history = []] = await this.centre.get(EventStore).streams([`bill-${bill}`]);
    return history.map(({ type }) => type);
  }

  recorded(type: string): Promise<unknown> {
    return until(type, async () => (await this.events()).includes(type));
  }

  ask(order: string) {
    const given = { id: randomUUID(), at: this.centre.clock.now().toISOString() };
    return causedBy({ by: 'payments', origin: 'reaction', correlation: given.id }, () => this.centre.get(CommandBus).execute(new AskPayment(given, order)));
  }

  /** Notifications that came, whatever of them. */
  counted(): number {
    return [...this.centre.get(NotificationOutcomes).counts().values()].reduce((sum, times) => sum + times, 0);
  }

  /** What the bill's page says first. */
  alerts($: Answer['$']): readonly string[] {
    return shown($, 'main [role=status] .alert, main [role=status] h2');
  }

  private async open(folder: string, stores: Fields, limits?: TimeLimits): Promise<void> {
    this.sandbox = await Sandbox.start({ folder, now: () => this.centre.clock.now() });
    this.centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { ...this.sandbox.settings, ...stores }, limits);
    await this.centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' });
    const exam = { exam_starts: '2027-04-10', exam_ends: '2027-04-11' };
    await this.centre.rows('periods', { period: '2704', name: '2027年4月', enrolment_opens: '2026-11-01T00:00:00+08:00', ...exam });
    for (const account of [ACCOUNT, OTHER]) await this.centre.candidate(account);
    await this.centre.rows('enrolments', { admission_no: ACCOUNT, period: '2704', course: '03708', state: 'enrolled' });
    this.address = await this.centre.listen();
  }

  private async begin(): Promise<void> {
    this.pass(3_600);
    this.sandbox.notify(this.address);
    this.bill = await this.newBill();
    this.cookie = await this.centre.signIn(ACCOUNT);
  }
}
