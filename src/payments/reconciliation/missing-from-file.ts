import { beijingDay, type Transaction, transactions } from '../../../projections/transactions.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Listed, ReadModels } from '../../read-models/read-models.js';
import { encodeCursor } from '../../read-models/serving/cursor.js';
import { billHistories, foldBill } from '../bills/bill-history.js';
import type { PaymentEvent } from '../payments.events.js';
import { billOfOrder } from '../payments.streams.js';
import type { ComparedMovement } from './compare-with-ledger.js';
import type { DailyFile, Movement } from './daily-file.js';

const PAGE = 1_000;
const LISTS = { payment: 'paid', refund: 'refunded' } as const;

/** Payments and refunds of the file's day (by the platform's times) that our ledger has and the file lacks. */
export async function* missingFromFile(
  { day, movements }: DailyFile,
  ports: { readonly events: EventStore; readonly readModels: Pick<ReadModels, 'list'> },
): AsyncGenerator<ComparedMovement> {
  for (const kind of ['payment', 'refund'] as const) {
    const billOf = new Map(movements.filter((each) => each.kind === kind).map(({ transaction, order }) => [transaction, billOfOrder(order)]));
    for await (const page of listedOn(day, LISTS[kind], ports.readModels)) {
      const lacking = page.flatMap(({ key, document: { bills } }) => {
        // the platform may use a transaction number twice, and the file may have only one of the two
        const without = billOf.has(key) ? bills.filter((bill) => bills.length > 1 && bill !== billOf.get(key)) : bills;
        return without.map((bill) => ({ bill, transaction: key }));
      });
      const histories = await billHistories(
        ports.events,
        lacking.map(({ bill }) => bill),
      );
      for (const [at, { transaction }] of lacking.entries()) {
        const found = ledgerMovement(kind, transaction, histories[at] ?? []);
        if (found && beijingDay(found.movement.at) === day) yield found;
      }
    }
  }
}

async function* listedOn(day: string, index: string, readModels: Pick<ReadModels, 'list'>): AsyncGenerator<readonly Listed<Transaction>[]> {
  for (let after = encodeCursor([day, '']); ; ) {
    const listed = await readModels.list(transactions, index, after, PAGE);
    const ofDay = listed.filter(({ document: { paidAt, refundedAt } }) => beijingDay(index === LISTS.payment ? paidAt : (refundedAt ?? paidAt)) === day);
    yield ofDay;
    const last = listed.at(-1);
    if (!last || ofDay.length < PAGE) return;
    after = last.cursor;
  }
}

/** A movement as the bill's events have it; undefined for a refund without a time, which belongs to no day. */
function ledgerMovement(kind: Movement['kind'], transaction: string, history: readonly PaymentEvent[]): ComparedMovement | undefined {
  const { terms, money } = foldBill(history);
  const ours = money.get(transaction);
  if (!ours) return undefined;
  const done = history.findLast(({ type, data }) => type === 'RefundDone' && data.transaction === transaction);
  const at = kind === 'payment' ? ours.paidAt : done?.type === 'RefundDone' ? done.data.refundedAt : undefined;
  if (at === undefined) return undefined;
  return {
    movement: { kind, order: ours.order ?? '', transaction, fen: ours.fen, at },
    finding: 'ours_only',
    candidateId: terms?.candidateId,
  };
}
