import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach } from '@jest/globals';
import { type Command, CommandBus } from '@nestjs/cqrs';
import { Sandbox } from '../../demo/sandbox-platform/sandbox.js';
import { ConfirmEnrolment } from '../../src/enrolments/confirm-enrolment.command.js';
import { enrolmentStream } from '../../src/enrolments/enrolments.streams.js';
import type { Appended } from '../../src/event-store/append.js';
import { causedBy } from '../../src/event-store/cause.js';
import { EventStore } from '../../src/event-store/event-store.js';
import { BeginPayment } from '../../src/payments/paying/begin-payment.command.js';
import { billStreamName } from '../../src/payments/payments.streams.js';
import { TestCentre } from '../centre.js';
import { until } from '../until.js';
import { ask, CentreProcess, folder, killedAt, signIn } from './centre-process.js';

const PERIOD = '2704';
const MINUTE = 60_000;

const open: PayingCentre[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** An account with a confirmed enrolment, and its bill's number. */
export interface Confirmed {
  readonly account: string;
  readonly candidateId: string;
  readonly bill: string;
}

/** The platform's clock; pending work runs when it advances. */
class Ahead {
  private by = 0;

  now(): Date {
    return new Date(Date.now() + this.by);
  }

  /** Longer than anything waits here. */
  pass(): void {
    this.by += 15_000;
  }
}

/**
 * A centre that is paid at a sandbox platform. The projector runs here; pages, reactors and timers are processes of the built centre on
 * the same files, started and ended by the test.
 */
export class PayingCentre {
  private accounts = 0;

  private constructor(
    private readonly centre: TestCentre,
    private readonly sandbox: Sandbox,
    private readonly clock: Ahead,
    private readonly book: string,
  ) {}

  static async open(): Promise<PayingCentre> {
    const place = folder();
    const clock = new Ahead();
    const sandbox = await Sandbox.start({ folder: place, now: () => clock.now() });
    const now = Date.now();
    const centre = await TestCentre.open(new Date(now).toISOString(), { ...sandbox.settings });
    const paying = new PayingCentre(centre, sandbox, clock, join(place, 'book.sqlite'));
    open.push(paying);
    const [opens, closes] = [new Date(now - 60 * MINUTE).toISOString(), new Date(now + 60 * MINUTE).toISOString()];
    const period = { period: PERIOD, name: '2027年4月', enrolment_opens: opens, enrolment_closes: closes, payment_closes: closes };
    await centre.rows('periods', { ...period, exam_starts: '2027-04-10', exam_ends: '2027-04-11' });
    await centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' });
    await centre.rows('timetable', { period: PERIOD, course: '03708', form: 'practical', minutes: '150' });
    await centre.rows('fees', { kind: 'practical', from_period: '2604', amount_fen: '3000' });
    return paying;
  }

  /** Starts the web process, whose address the platform is told. @param killAt see kill-at.mjs */
  async web(killAt?: string): Promise<{ readonly process: CentreProcess; readonly address: string }> {
    const process = this.process('web', killAt);
    const { address } = await process.started();
    this.clock.pass(); // what waits to be told is told now
    this.sandbox.notify(address);
    return { process, address };
  }

  /** Starts the process of reactors and timers. */
  async acting(killAt?: string): Promise<CentreProcess> {
    const process = this.process('reactor,timer', killAt);
    await process.started();
    return process;
  }

  /** Resolves when a process has reached its kill moment. Leases are removed, because their expiry is tested elsewhere. */
  async killed(process: CentreProcess): Promise<void> {
    const { signal, stderr } = await process.ended;
    if (signal !== 'SIGKILL') throw new Error(`it ended by itself: ${stderr}`);
    const db = new DatabaseSync(join(this.centre.folder, 'read-models.sqlite'), { timeout: 60_000 });
    db.prepare('UPDATE leases SET holder = NULL WHERE name GLOB ? OR name GLOB ?').run('reactor *', 'timer *');
    db.close();
  }

  /** Confirms one course of 30 yuan for another candidate. */
  async confirmed(): Promise<Confirmed> {
    const account = String(119_912_345_600 + ++this.accounts);
    const candidateId = await this.centre.candidate(account);
    await this.centre.rows('enrolments', { admission_no: account, period: PERIOD, course: '03708', state: 'enrolled' });
    await this.asPerson(candidateId, new ConfirmEnrolment(this.given(), candidateId, PERIOD));
    const [events = []] = await this.centre.get(EventStore).streams([enrolmentStream(candidateId, PERIOD).name]);
    const { bill } = (events.at(-1)?.data ?? {}) as { readonly bill?: string };
    if (bill === undefined) throw new Error('the enrolment was not confirmed');
    return { account, candidateId, bill };
  }

  /** Executes a command as a page would. */
  async asPerson(candidateId: string, command: Command<Appended>): Promise<void> {
    const cause = { by: candidateId, origin: 'person', correlation: crypto.randomUUID() } as const;
    await causedBy(cause, () => this.centre.get(CommandBus).execute(command));
  }

  given(minutesAgo = 0) {
    return { id: crypto.randomUUID(), at: new Date(Date.now() - minutesAgo * MINUTE).toISOString() };
  }

  /** Records an order that began so long ago that the timer queries it at once, and pays it at the platform, which sends no notification. */
  async paidUntold({ candidateId, bill }: Confirmed, way: 'once' | 'twice'): Promise<void> {
    await this.recorded(bill, 'BillIssued');
    const given = this.given(5);
    const ends = new Date(Date.parse(given.at) + 15 * MINUTE).toISOString();
    const order = { order: `${bill}01`, fen: 3_000, title: '费', begun: given.at, ends, returnTo: 'http://127.0.0.1:1/' };
    this.sandbox.platform.arrive(order);
    this.sandbox.platform.pay(order, 'alipay', way);
    await this.asPerson(candidateId, new BeginPayment(given, bill, candidateId));
  }

  /** Signs in. The session's cookie is valid at later processes too. */
  async signedIn({ account, bill }: Confirmed, address: string): Promise<string> {
    await this.recorded(bill, 'BillIssued');
    await this.centre.settled();
    return signIn(address, account, 'correct horse');
  }

  /** Presses 去支付 and returns the platform's address. */
  async press({ bill }: Confirmed, address: string, cookie: string): Promise<string> {
    const { status, headers } = await ask(address, `/center/payments/${bill}`, { cookie, form: { _: '' } });
    return status === 303 ? (headers.get('location') ?? '') : `answered ${status}`;
  }

  /** Pays by Alipay at the platform. */
  async pay(address: string): Promise<void> {
    await fetch(address);
    await fetch(address, { method: 'POST', body: new URLSearchParams({ do: 'alipay' }), redirect: 'manual' });
  }

  /** Advances the platform, so that pending requests are done. */
  passAtPlatform(): void {
    this.clock.pass();
  }

  /** The event types of a bill's stream. */
  async billOf({ bill }: Pick<Confirmed, 'bill'>): Promise<readonly string[]> {
    return this.types(billStreamName(bill));
  }

  async enrolmentOf({ candidateId }: Confirmed): Promise<readonly string[]> {
    return this.types(enrolmentStream(candidateId, PERIOD).name);
  }

  /** Waits for an event of a bill. */
  async recorded(bill: string, type: string): Promise<void> {
    await until(`${type} of ${bill}`, async () => (await this.billOf({ bill })).includes(type));
  }

  /** The platform's payments of a bill, and notifications that it could not deliver. */
  atPlatform({ bill }: Confirmed): { readonly payments: number; readonly refunds: number; readonly untold: number } {
    const db = new DatabaseSync(this.book, { readOnly: true });
    const count = (sql: string, ...given: string[]) => Number((db.prepare(sql).get(...given) as { n: number }).n);
    const of = `${bill}*`;
    const counts = {
      payments: count('SELECT count(*) AS n FROM payments WHERE "order" GLOB ?', of),
      refunds: count('SELECT count(*) AS n FROM refunds JOIN payments USING ("transaction") WHERE "order" GLOB ?', of),
      untold: count('SELECT count(*) AS n FROM notifications'),
    };
    db.close();
    return counts;
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.centre.close();
  }

  private process(roles: string, killAt: string | undefined): CentreProcess {
    return new CentreProcess({ DATA_DIR: this.centre.folder, ROLES: roles, ...this.sandbox.settings, ...(killAt && killedAt(killAt)) });
  }

  private async types(stream: string): Promise<readonly string[]> {
    const [events = []] = await this.centre.get(EventStore).streams([stream]);
    return events.map(({ type }) => type);
  }
}
