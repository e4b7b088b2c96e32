import { type PaymentDues, paymentDues } from '../../projections/payment-dues.js';
import { type Cause, causedBy } from '../../src/event-store/cause.js';
import type { Command } from '../../src/event-store/command.js';
import type { Given } from '../../src/event-store/decider.js';
import type { Event, Recorded } from '../../src/event-store/event.js';
import type { Handler } from '../../src/event-store/handler.js';
import { Refusal } from '../../src/event-store/refusal.js';
import { RaiseTask, RaiseTaskHandler } from '../../src/office/raise-task.command.js';
import { SettleTask, SettleTaskHandler } from '../../src/office/settle-task.command.js';
import { tasks } from '../../src/office/tasks.reactor.js';
import type { Bill } from '../../src/payments/bills/bill.decider.js';
import { loadBill } from '../../src/payments/bills/bill-history.js';
import { CancelBill, CancelBillHandler } from '../../src/payments/bills/cancel-bill.command.js';
import { ExpireBill, ExpireBillHandler } from '../../src/payments/bills/expire-bill.command.js';
import { IssueBill, IssueBillHandler } from '../../src/payments/bills/issue-bill.command.js';
import { payments } from '../../src/payments/bills/payments.timer.js';
import { RecordBill, RecordBillHandler } from '../../src/payments/bills/record-bill.command.js';
import type { BillState } from '../../src/payments/bills/record-bill.decider.js';
import { RecordNotifiedEnd, RecordNotifiedEndHandler } from '../../src/payments/notifications/record-notified-end.command.js';
import { RecordNotifiedPayment, RecordNotifiedPaymentHandler } from '../../src/payments/notifications/record-notified-payment.command.js';
import { AskPayment, AskPaymentHandler } from '../../src/payments/paying/ask-payment.command.js';
import { AskRefund, AskRefundHandler } from '../../src/payments/paying/ask-refund.command.js';
import { BeginPayment, BeginPaymentHandler } from '../../src/payments/paying/begin-payment.command.js';
import { NoteRefund, NoteRefundHandler } from '../../src/payments/paying/note-refund.command.js';
import { TakePayment, TakePaymentHandler } from '../../src/payments/paying/take-payment.command.js';
import { unknownOrderTask } from '../../src/payments/paying/unknown-order-task.js';
import type { BillTerms } from '../../src/payments/payments.events.js';
import { type Notification, type Payment, PlatformUnavailable } from '../../src/payments/platform/payment-platform.js';
import { type ReconcilingPorts, reconcile } from '../../src/payments/reconciliation/reconciling.js';
import { RecordReconciliation, RecordReconciliationHandler } from '../../src/payments/reconciliation/record-reconciliation.command.js';
import { foldDocument } from '../../src/read-models/projecting/fold-document.js';
import type { Projection, ReadModel } from '../../src/read-models/projection.js';
import { KeptEvents } from './kept-events.js';
import { RememberedPlatform } from './platform/remembered-platform.js';

const start = Date.parse('2026-10-24T01:00:00.000Z');
const later = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
const lines = [
  { code: '00015', fen: 3000 },
  { code: '00018', fen: 3000 },
];
const period = '2704';
const createdAt = later(0);
/** One issued here, and one that came from the PC system; both due in 40 minutes. */
export const bills: readonly [BillTerms, BillTerms] = [
  { candidateId: 'c1', bill: '90000000000001', kind: 'enrolment', period, lines, fen: 6000, createdAt, dueBy: later(2_400) },
  { candidateId: 'c1', bill: '20260000000002', kind: 'enrolment', period, lines, fen: 6000, createdAt, dueBy: later(2_400) },
];
/** An order's number whose bill nobody has issued. */
const NOBODYS = '9999999999999901';

/** What may happen; seconds, and which of several as a number that is taken round. */
export type Happening =
  | { readonly does: 'begin'; readonly bill: 0 | 1; readonly phone: 'comes' | 'is lost' }
  | {
      readonly does: 'pay';
      readonly bill: 0 | 1;
      readonly order: 'last' | 'first' | 'not begun yet' | "nobody's";
      readonly times: 1 | 2;
      readonly off: 0 | 100;
    }
  | { readonly does: 'notify'; readonly which: number; readonly again: boolean; readonly off: 0 | 100 }
  | { readonly does: 'lose a notification'; readonly which: number }
  | { readonly does: 'cancel'; readonly bill: 0 | 1 }
  | { readonly does: 'wait'; readonly seconds: number; readonly meanwhile?: readonly Happening[] }
  | { readonly does: 'go down' | 'come up' | 'refuse refunds' | 'give refunds' | 'reconcile' }
  | { readonly does: 'report'; readonly state: BillState; readonly paid: number; readonly changes: Partial<BillTerms> };

/** The centre's bills and a platform, with a clock that the test sets. */
export class Books {
  now = start;
  readonly at = () => new Date(this.now).toISOString();
  readonly events = new KeptEvents(this.at);
  readonly platform = new RememberedPlatform(this.at);
  private reactedTo = 0;
  private commands = 0;
  private readonly handlers = new Map<unknown, Handler>([
    [IssueBill, new IssueBillHandler(this.events)],
    [RecordBill, new RecordBillHandler(this.events)],
    [BeginPayment, new BeginPaymentHandler(this.events)],
    [TakePayment, new TakePaymentHandler(this.events)],
    [RecordNotifiedPayment, new RecordNotifiedPaymentHandler(this.events)],
    [RecordNotifiedEnd, new RecordNotifiedEndHandler(this.events)],
    [CancelBill, new CancelBillHandler(this.events)],
    [ExpireBill, new ExpireBillHandler(this.events)],
    [AskPayment, new AskPaymentHandler(this.events, this.platform)],
    [AskRefund, new AskRefundHandler(this.events, this.events, this.platform)],
    [RaiseTask, new RaiseTaskHandler(this.events)],
    [SettleTask, new SettleTaskHandler(this.events)],
    [NoteRefund, new NoteRefundHandler(this.events)],
    [RecordReconciliation, new RecordReconciliationHandler(this.events)],
  ]);

  static async open(): Promise<Books> {
    const books = new Books();
    await books.execute(new IssueBill(books.given(), bills[0]));
    await books.execute(new RecordBill({ ...books.given(), assertsState: true }, bills[1], 'due'), 'import');
    return books;
  }

  async happens(what: Happening): Promise<void> {
    switch (what.does) {
      case 'begin':
        await this.begins(bills[what.bill], what.phone === 'comes');
        break;
      case 'pay':
        for (let time = 0; time < what.times; time++) this.pays(await this.orderOf(bills[what.bill].bill, what.order), what.off);
        break;
      case 'notify': {
        const [told] = this.platform.untold.splice(what.which % (this.platform.untold.length || 1), 1);
        if (told && what.again) this.platform.untold.push(told);
        if (told) await this.isTold(told, what.off);
        break;
      }
      case 'lose a notification':
        this.platform.untold.splice(what.which % (this.platform.untold.length || 1), 1);
        break;
      case 'cancel':
        await this.tries(new CancelBill(this.given(), bills[what.bill].bill, 'c1'));
        break;
      case 'wait':
        await this.waits(what.seconds, what.meanwhile ?? []);
        break;
      case 'go down':
      case 'come up':
        this.platform.isDown = what.does === 'go down';
        break;
      case 'refuse refunds':
      case 'give refunds':
        this.platform.refusesRefunds = what.does === 'refuse refunds';
        break;
      case 'reconcile':
        await this.reconciles();
        break;
      case 'report': {
        const paidAt = what.state === 'paid' || what.state === 'refunded' ? later(what.paid) : undefined;
        await this.execute(new RecordBill({ ...this.given(), assertsState: true }, { ...bills[1], ...what.changes }, what.state, paidAt), 'import');
      }
    }
    await this.reacts();
  }

  /** All that is still to come by itself, until nothing is: the platform is up again, and its files have been read. */
  async runsOut(): Promise<void> {
    this.platform.isDown = false;
    for (let round = 0; round < 200; round++) {
      await this.reconciles();
      await this.reacts();
      const next = (await this.dues()).flatMap(({ document }) => paymentDues.indexes?.at?.(document) ?? []).sort()[0];
      if (next === undefined) return;
      this.now = Math.max(this.now + 1_000, Date.parse(next));
      await this.looks();
      await this.reacts();
    }
    throw new Error(`it does not come to an end: ${JSON.stringify(await this.dues())}`);
  }

  state(number: string): Promise<Bill> {
    return loadBill(this.events, number);
  }

  /** What is due of each bill. */
  async dues(): Promise<readonly { readonly bill: string; readonly document: PaymentDues }[]> {
    return bills.map(({ bill }) => ({
      bill,
      document: folded(
        paymentDues,
        this.events.log.filter(({ stream }) => stream === `bill-${bill}`),
      ),
    }));
  }

  private async begins({ bill, candidateId }: BillTerms, comes: boolean): Promise<void> {
    const begun = (await this.tries(new BeginPayment(this.given(), bill, candidateId))) as { attempt?: { order: string; endsAt: string } } | undefined;
    const attempt = begun?.attempt;
    if (attempt && comes) this.platform.opens(attempt.order, attempt.endsAt);
  }

  private async orderOf(bill: string, which: 'last' | 'first' | 'not begun yet' | "nobody's"): Promise<string | undefined> {
    if (which === "nobody's") return NOBODYS;
    const { attempts } = await this.state(bill);
    if (which === 'not begun yet') return `${bill}${String(attempts.size + 1).padStart(2, '0')}`;
    return [...attempts.keys()].at(which === 'last' ? -1 : 0);
  }

  private pays(order: string | undefined, off: number): void {
    if (order === undefined) return;
    this.platform.opens(order, later(900));
    this.platform.takes(order, 6000 - off);
  }

  private async isTold(told: Notification, off: number): Promise<void> {
    if (told.kind === 'closed') await this.tries(new RecordNotifiedEnd(this.given(), told.order));
    else await this.takes({ ...told.payment, fen: told.payment.fen - off });
  }

  /** As a notification does: where no bill has such an order, it is a person's affair. */
  private async takes(payment: Payment): Promise<void> {
    const taken = await this.tries(new RecordNotifiedPayment(this.given(), payment));
    if (taken) return;
    await this.execute(new RaiseTask(this.given(), unknownOrderTask(payment)));
  }

  private async waits(seconds: number, meanwhile: readonly Happening[]): Promise<void> {
    this.now += seconds * 1_000;
    this.platform.closes();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.platform.onItsWay = promise;
    const looking = this.looks();
    for (const each of meanwhile) await this.happens(each);
    resolve();
    await looking;
  }

  /** Read models that are always up to the log, as far as reconciling reads them. */
  private readonly readModels: ReconcilingPorts['readModels'] = {
    get: async (readModel, key) => this.document(readModel, key),
    list: async (readModel, index) => {
      const keys = new Set(this.handledBy(readModel).flatMap((event) => projectionOf(readModel).key(event) ?? []));
      const all = [...keys].map((key) => ({ key, cursor: key, document: this.document(readModel, key) }));
      return all.filter(({ document }) => readModel.indexes?.[index]?.(document) !== undefined);
    },
  };

  private document<Document>(readModel: ReadModel<Document>, key: string): Document {
    const projection = projectionOf(readModel);
    return folded(
      projection,
      this.handledBy(readModel).filter((event) => projection.key(event) === key),
    );
  }

  private handledBy<Document>(readModel: ReadModel<Document>): readonly Recorded[] {
    return this.events.log.filter(({ type }) => type in projectionOf(readModel).on);
  }

  private async reconciles(): Promise<void> {
    const execute = <Answer>(command: Command<Answer>) => this.execute(command, 'office') as Promise<Answer>;
    const ports: ReconcilingPorts = { commands: { execute }, events: this.events, readModels: this.readModels };
    for (const file of this.platform.files()) {
      await causedBy({ origin: 'office', by: 'office:cli', correlation: 'a file' }, () => reconcile(file, new Date(this.now), ports));
    }
  }

  /** The timer looks once for what is due. */
  private async looks(): Promise<void> {
    for (const { bill, document } of await this.dues()) {
      for (const due of payments.commands(bill, document, this.at())) {
        await this.tries(due.makeCommand({ id: `${bill} ${due.name}`, at: this.at() }) as Command<unknown>, 'reaction');
      }
    }
  }

  private async reacts(): Promise<void> {
    for (; this.reactedTo < this.events.log.length; this.reactedTo++) {
      const event = this.events.log[this.reactedTo] as Recorded;
      const react = tasks.on[event.type as keyof typeof tasks.on] as ((event: Recorded, given: Given) => Command<unknown> | undefined) | undefined;
      const comes = event.metadata.origin !== 'import' || tasks.importedEvents?.some((type) => type === event.type);
      const command = comes ? react?.(event, { id: `${event.id} tasks`, at: this.at() }) : undefined;
      if (command) await this.execute(command, 'reaction');
    }
  }

  /** Undefined where it was refused, or the platform is away. */
  private async tries(command: Command<unknown>, origin: Cause['origin'] = 'person'): Promise<unknown> {
    try {
      return await this.execute(command, origin);
    } catch (error) {
      if (error instanceof Refusal || error instanceof PlatformUnavailable) return undefined;
      throw error;
    }
  }

  private execute(command: Command<unknown>, origin: Cause['origin'] = 'person'): Promise<unknown> {
    const handler = this.handlers.get(command.constructor);
    if (!handler) throw new Error(`nobody handles ${command.constructor.name}`);
    return causedBy({ origin, by: origin, correlation: 'a test' }, () => handler.execute(command));
  }

  private given(): Given {
    return { id: `command ${++this.commands}`, at: this.at() };
  }
}

/** Reconciling passes whole projections. */
function projectionOf<Document>(readModel: ReadModel<Document>): Projection<Document> {
  return readModel as Projection<Document>;
}

/** The document that recorded events come to. */
export function folded<Document, E extends Event, State>(projection: Projection<Document, E, State>, events: readonly Recorded[]): Document {
  const handled = events.filter(({ type }) => type in projection.on);
  const { after, fault } = foldDocument(projection as Projection, undefined, handled);
  if (fault) throw new Error(fault.error);
  return (after?.document ?? projection.empty) as Document;
}
