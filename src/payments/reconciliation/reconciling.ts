import { transactions } from '../../../projections/transactions.js';
import type { Appended } from '../../event-store/append.js';
import type { Commands } from '../../event-store/commands.js';
import { deterministicId } from '../../event-store/deterministic-id.js';
import type { Recorded } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { givenAt } from '../../event-store/given.js';
import { foldHistory } from '../../event-store/reading/fold-history.js';
import type { OfficeEvent, TaskTerms } from '../../office/office.events.js';
import { taskStream } from '../../office/office.streams.js';
import { RaiseTask } from '../../office/raise-task.command.js';
import { SettleTask } from '../../office/settle-task.command.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { billHistories } from '../bills/bill-history.js';
import { NoteRefund } from '../paying/note-refund.command.js';
import { TakePayment } from '../paying/take-payment.command.js';
import { unknownOrderTaskId } from '../paying/unknown-order-task.js';
import type { PaymentEvent } from '../payments.events.js';
import { billOfOrder } from '../payments.streams.js';
import { type ComparedMovement, compareWithLedger } from './compare-with-ledger.js';
import type { DailyFile, Movement } from './daily-file.js';
import { differenceTask } from './difference-task.js';
import { missingFromFile } from './missing-from-file.js';
import type { Finding, Findings, Sum } from './reconciliation.events.js';
import { RecordReconciliation } from './record-reconciliation.command.js';

/** The read model `transactions` must have caught up with the log. */
export interface ReconcilingPorts {
  readonly commands: Commands;
  readonly events: EventStore;
  readonly readModels: Pick<ReadModels, 'get' | 'list'>;
}

/** The result of a day. */
export interface Reconciliation {
  /** In Beijing. */
  readonly day: string;
  /** False while the platform may still add to the day: movements that only our ledger has are not counted then. */
  readonly final: boolean;
  /** Payments less refunds, by the platform; in fen. */
  readonly fen: number;
  readonly findings: Findings;
  /** All movements that do not match, MAX_SHOWN of each finding. */
  readonly shown: readonly ComparedMovement[];
  /** Events recorded: 0 when nothing is new. */
  readonly recorded: number;
}

export const MAX_SHOWN = 20;
/** Milliseconds after the end of a day when its file is final (docs/payment-platform.md). */
const FINAL_AFTER = 60 * 60 * 1000;
const BILLS_AT_ONCE = 250;
const NOTHING: Sum = { count: 0, fen: 0 };

/**
 * Settles the differences between the platform's daily file and our ledger: missing movements are recorded, and those that no rule settles
 * become tasks. The same file again records nothing. Runs under the current cause.
 * @param progress movements settled since the beginning
 */
export async function reconcile(file: DailyFile, now: Date, ports: ReconcilingPorts, progress: (settled: number) => void = () => undefined) {
  return new Reconciling(file, now, ports).all(progress);
}

class Reconciling {
  private readonly findings = new Map<Finding, Sum>();
  private readonly shown: ComparedMovement[] = [];
  private readonly at: string;
  private readonly day: string;
  private recorded = 0;

  constructor(
    private readonly file: DailyFile,
    private readonly now: Date,
    private readonly ports: ReconcilingPorts,
  ) {
    this.at = now.toISOString();
    this.day = file.day;
  }

  async all(progress: (settled: number) => void): Promise<Reconciliation> {
    const { day, fen, endsAt, movements } = this.file;
    const final = this.now.getTime() >= Date.parse(endsAt) + FINAL_AFTER;
    let settled = 0;
    for (const bills of byBill(movements)) {
      const histories = await billHistories(
        this.ports.events,
        bills.map(([bill]) => bill),
      );
      const found = await Promise.all(bills.map(([bill, ofBill], at) => this.settle(bill, ofBill, histories[at] ?? [])));
      for (const each of found.flat()) this.count(each);
      settled += found.flat().length;
      progress(settled);
    }
    if (final) for await (const each of missingFromFile(this.file, this.ports)) this.count(await this.raised(each));
    const findings = this.summed();
    const found = { day, fen, findings };
    if (final) await this.execute(`${JSON.stringify(found)} recorded`, (given) => new RecordReconciliation({ ...given, assertsState: true }, found));
    return { ...found, final, shown: this.shown, recorded: this.recorded };
  }

  /** Compares the movements of one bill with the ledger. Missing ones are recorded in order of time, each on the result of those before. */
  private async settle(bill: string, movements: readonly Movement[], history: readonly Recorded<PaymentEvent>[]): Promise<readonly ComparedMovement[]> {
    const elsewhere = new Map<Movement, ComparedMovement>();
    const tried = new Set<Movement>();
    for (let events = history; ; [events = []] = await billHistories(this.ports.events, [bill])) {
      const found = movements.map((movement) => elsewhere.get(movement) ?? compareWithLedger(movement, events, this.idFor(movement)));
      const missing = found.find(({ finding }) => finding === undefined);
      if (!missing) return this.allRaised(found);
      const movement = movements[found.indexOf(missing)] as Movement;
      if (tried.has(movement)) throw new Error(`${movement.kind} ${movement.transaction} of bill ${bill} could not be recorded`);
      tried.add(movement);
      const { bills } = await this.ports.readModels.get(transactions, movement.transaction);
      const other = bills.find((each) => each !== bill);
      if (other !== undefined && !bills.includes(bill)) elsewhere.set(movement, { ...missing, finding: 'misplaced', ours: { bill: other } });
      else await this.record(bill, movement);
    }
  }

  private record(bill: string, movement: Movement): Promise<void> {
    const { kind, order, transaction, fen, channel, at } = movement;
    const given = givenAt(this.at, this.idFor(movement));
    if (kind === 'payment') return this.executed(new TakePayment(given, { order, transaction, fen, channel, paidAt: at }));
    return this.executed(new NoteRefund(given, bill, transaction, { state: 'done', refundedAt: at }));
  }

  /** One after another, because a refund may settle the task of a payment before it. */
  private async allRaised(found: readonly ComparedMovement[]): Promise<readonly ComparedMovement[]> {
    const raised: ComparedMovement[] = [];
    for (const each of found) raised.push(await this.raised(each));
    return raised;
  }

  /** Raises a task where no rule settles the difference. A refund of an unknown order settles the task of its payment. */
  private async raised(found: ComparedMovement): Promise<ComparedMovement> {
    const { movement, finding, candidateId } = found;
    if (finding === 'refund_differs' && candidateId === undefined && (await this.settlesUnknown(movement))) return { ...found, finding: 'refund_matched' };
    const terms = differenceTask(this.day, found);
    if (terms) await this.execute(`${terms.task} raised`, (given) => new RaiseTask(given, terms));
    return found;
  }

  private async settlesUnknown({ order, transaction, fen }: ComparedMovement['movement']): Promise<boolean> {
    const task = unknownOrderTaskId(order, transaction);
    const [history = []] = await this.ports.events.streams([taskStream(task).name]);
    const raised: TaskTerms[] = [];
    foldHistory<OfficeEvent>(history, { TaskRaised: (terms) => raised.push(terms) });
    if (raised[0]?.about.fen !== fen) return false;
    await this.execute(`${task} settled`, (given) => new SettleTask(given, task, `退款已列在 ${this.day} 的对账文件中`));
    return true;
  }

  private async execute(name: string, command: (given: { readonly id: string; readonly at: string }) => Parameters<typeof this.executed>[0]): Promise<void> {
    await this.executed(command(givenAt(this.at, deterministicId(name))));
  }

  private async executed(command: TakePayment | NoteRefund | RaiseTask | SettleTask | RecordReconciliation): Promise<void> {
    const { recorded }: Appended = await this.ports.commands.execute(command);
    this.recorded += recorded;
  }

  /** The command's id is the same for the same movement of a day: a repeat records nothing and recognises what was recorded. */
  private idFor({ kind, transaction }: Movement): string {
    return deterministicId(`reconciled ${this.day} ${kind} ${transaction}`);
  }

  private count(found: ComparedMovement): void {
    const { finding, movement } = found;
    if (finding === undefined) throw new Error('a movement was counted before it was settled');
    const { count, fen } = this.findings.get(finding) ?? NOTHING;
    this.findings.set(finding, { count: count + 1, fen: fen + movement.fen });
    if (finding !== 'matched' && finding !== 'refund_matched' && count < MAX_SHOWN) this.shown.push(found);
  }

  private summed(): Findings {
    const sum = (finding: Finding) => this.findings.get(finding) ?? NOTHING;
    return {
      matched: sum('matched'),
      paid_twice: sum('paid_twice'),
      theirs_only: sum('theirs_only'),
      unknown_order: sum('unknown_order'),
      misplaced: sum('misplaced'),
      amount_differs: sum('amount_differs'),
      refund_matched: sum('refund_matched'),
      refund_noted: sum('refund_noted'),
      refund_differs: sum('refund_differs'),
      ours_only: sum('ours_only'),
    };
  }
}

/** Batches of bills, each with its movements in order of time. */
function* byBill(movements: readonly Movement[]): Generator<readonly (readonly [bill: string, movements: readonly Movement[]])[]> {
  const byOrder = movements.toSorted((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0));
  let bills = new Map<string, Movement[]>();
  for (const movement of byOrder) {
    const bill = billOfOrder(movement.order) ?? '';
    const ofBill = bills.get(bill);
    if (ofBill) {
      ofBill.push(movement);
      continue;
    }
    if (bills.size === BILLS_AT_ONCE) {
      yield inOrder(bills);
      bills = new Map();
    }
    bills.set(bill, [movement]);
  }
  yield inOrder(bills);
}

/** The numbers of orders need not be in order of time. */
function inOrder(bills: ReadonlyMap<string, Movement[]>): readonly (readonly [bill: string, movements: readonly Movement[]])[] {
  return [...bills].map(([bill, ofBill]) => [bill, ofBill.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))]);
}
