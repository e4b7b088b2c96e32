import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bills as billsModel } from '../../projections/bills.js';
import { tasks as tasksModel } from '../../projections/tasks.js';
import type { Recorded } from '../../src/event-store/event.js';
import { readableEvents } from '../../src/event-store/reading/fold-history.js';
import { type Bill, bill, PC_SYSTEM } from '../../src/payments/bills/bill.decider.js';
import type { BillTerms, PaymentEvent } from '../../src/payments/payments.events.js';
import type { Payment } from '../../src/payments/platform/payment-platform.js';
import { Books, bills, folded, type Happening } from './books.js';

const which = fc.nat(4);
const either = fc.constantFrom<0 | 1>(0, 1);
const rarely = <T>(usual: T, rare: T) => fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });

const waiting = fc.record({ does: fc.constant('wait' as const), seconds: fc.constantFrom(5, 30, 120, 600, 1_000, 3_600, 90_000) });
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('begin' as const), bill: either, phone: rarely('comes' as const, 'is lost' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('pay' as const),
      bill: either,
      order: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom('last' as const, 'first' as const) },
        { weight: 1, arbitrary: fc.constantFrom('not begun yet' as const, "nobody's" as const) },
      ),
      times: rarely<1 | 2>(1, 2),
      off: rarely<0 | 100>(0, 100),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('notify' as const), which, again: fc.boolean(), off: rarely<0 | 100>(0, 100) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('lose a notification' as const), which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), bill: either }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom('go down' as const, 'come up' as const, 'refuse refunds' as const, 'give refunds' as const, 'reconcile' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('report' as const),
      state: fc.constantFrom('due' as const, 'paid' as const, 'expired' as const, 'cancelled' as const, 'refunded' as const),
      paid: fc.constantFrom(1, 100, 1_000, 4_000),
      changes: fc.oneof(
        { weight: 4, arbitrary: fc.constant<Partial<BillTerms>>({}) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<Partial<BillTerms>>(
            { dueBy: '2026-10-26T01:00:00.000Z' },
            { dueBy: undefined },
            { lines: [{ code: '03708', fen: 6000 }] },
            { lines: [{ code: '03708', fen: 3000 }], fen: 3000 },
          ),
        },
      ),
    }),
  },
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: event },
    { weight: 1, arbitrary: waiting },
    { weight: 1, arbitrary: fc.tuple(waiting, fc.array(event, { maxLength: 3 })).map(([wait, meanwhile]) => ({ ...wait, meanwhile })) },
  ),
  { maxLength: 25, size: 'max' },
);

it('In whatever order things happen, every fen that was received pays a bill, is refunded, or is a task of the office', () =>
  fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const books = await Books.open();
      for (const each of all) await books.happens(each);
      await books.runsOut();
      const open = tasksOf(books.events.log);
      for (const payment of books.platform.book) expect({ payment, is: await fateOf(payment, books, open) }).not.toEqual({ payment, is: 'lost' });
      for (const { bill: number } of bills) {
        const history = books.events.log.filter(({ stream }) => stream === `bill-${number}`);
        paidAtMostOnce(history);
        const state = await books.state(number);
        expect(shownOf(books.events.log, number)).toEqual(told(state));
        expect(dueOf((await books.dues()).find(({ bill: each }) => each === number)?.document)).toEqual(openOf(state));
        everythingHasEnded(state, open);
        const inTime = books.platform.book.filter((each) => each.order.startsWith(number) && paysInTime(each, state));
        if (number === bills[0].bill && inTime.length > 0) expect(['BillPaid', 'BillCancelled']).toContain(state.steps.at(-1)?.type);
      }
      for (const transaction of books.platform.givenBack.keys()) {
        const { order } = books.platform.book.find((each) => each.transaction === transaction) as Payment;
        expect((await books.state(order.slice(0, 14))).money.get(transaction)?.refund).toBe('done');
      }
    }),
    { numRuns: 500 },
  ));

type OpenTasks = ReturnType<typeof tasksOf>;

function tasksOf(log: readonly Recorded[]) {
  const raised = log.filter(({ stream }) => stream.startsWith('task-'));
  return [...Map.groupBy(raised, ({ stream }) => stream).values()]
    .map((events) => folded(tasksModel, events))
    .filter(({ settledAt }) => settledAt === undefined);
}

/** What became of money that the platform took. */
async function fateOf({ transaction, order, fen }: Payment, books: Books, open: OpenTasks): Promise<'pays' | 'given back' | 'task' | 'lost'> {
  const tasks = open.filter(({ about }) => about.transaction === transaction).map(({ kind }) => kind);
  const { money, steps } = await books.state(order.slice(0, 14));
  const known = money.get(transaction);
  if (!known) return tasks.includes('unknown_order') ? 'task' : 'lost';
  if (known.fen !== fen) return 'lost'; // a notification of another amount is no money
  if (known.refund === 'refused') return tasks.includes('refund_refused') ? 'task' : 'lost';
  if (known.refund === 'done') return books.platform.givenBack.has(transaction) ? 'given back' : 'lost';
  return known.refund === undefined && steps.at(-1)?.type === 'BillPaid' ? 'pays' : 'lost';
}

function payingOf({ money }: Bill) {
  return [...money.values()].filter(({ refund }) => refund === undefined);
}

/** At every moment no bill is paid by two payments, one that is paid by one of its amount, and of two payments the later one goes back. */
function paidAtMostOnce(history: readonly Recorded[]): void {
  let state = bill.initial();
  for (const decided of Map.groupBy(readableEvents<PaymentEvent>(history), ({ metadata }) => metadata.command).values()) {
    for (const each of decided) {
      state = bill.evolve(state, each);
      expect({ after: each.type, paying: payingOf(state).length > 1 }).toEqual({ after: each.type, paying: false });
    }
    const last = state.steps.at(-1)?.type;
    const paying = payingOf(state);
    if (last === 'BillPaid') expect(paying).toEqual([expect.objectContaining({ fen: state.terms?.fen })]);
    else if (last !== 'BillRefunded') expect(paying).toEqual([]);
    for (const { type, data } of decided) {
      if (type === 'RefundDue' && data.why === 'paid_elsewhere') expect({ later: (paying[0]?.paidAt ?? '9') <= data.paidAt }).toEqual({ later: true });
    }
  }
}

/** Money that came by a begun order with its amount before the deadline, whatever a notification said of it. */
function paysInTime({ order, fen, paidAt }: Payment, { attempts, terms }: Bill): boolean {
  const isOfOrder = [...attempts.values()].some((each) => each.order === order && each.fen === fen && each.begunAt <= paidAt);
  return isOfOrder && terms?.dueBy !== undefined && paidAt < terms.dueBy;
}

/** What the page of a bill shows of its money. */
function shownOf(log: readonly Recorded[], number: string) {
  const document = folded(billsModel, log)[number];
  return {
    state: document?.state,
    transaction: document?.transaction,
    fen: document?.fen,
    attempts: document?.attempts?.map(({ order, state }) => ({ order, state })) ?? [],
    doubts: document?.doubts?.map(({ order, fen }) => ({ order, fen })) ?? [],
    refunds: Object.fromEntries(
      (document?.refunds ?? []).filter((each) => each.transaction).map(({ transaction, fen, state }) => [transaction, { fen, state }]),
    ),
  };
}

const states = { BillPaid: 'paid', BillExpired: 'expired', BillCancelled: 'cancelled', BillRefunded: 'refunded' } as const;

function told({ terms, steps, attempts, money, doubts }: Bill): ReturnType<typeof shownOf> {
  const last = steps.at(-1)?.type;
  const [paying] = [...money].find(([, { refund }]) => refund === undefined) ?? [];
  const going = [...money].flatMap(([transaction, { fen, refund }]) =>
    refund && transaction !== PC_SYSTEM ? [[transaction, { fen, state: refund }] as const] : [],
  );
  return {
    state: last ? states[last] : 'due',
    transaction: last === 'BillPaid' && paying !== PC_SYSTEM ? paying : undefined,
    fen: terms?.fen,
    attempts: Array.from(attempts.values(), ({ order, state }) => ({ order, state })),
    doubts: doubtsIn(doubts).map(({ order, fen }) => ({ order, fen })),
    refunds: Object.fromEntries(going),
  };
}

function dueOf(document: Awaited<ReturnType<Books['dues']>>[number]['document'] | undefined) {
  return {
    unpaid: document?.unpaidSince !== undefined,
    orders: document?.orders.map(({ order }) => order).sort(),
    refunds: document?.refunds.map((each) => each.transaction),
  };
}

function doubtsIn(doubts: Bill['doubts']) {
  return [...doubts.values()].flat();
}

function openOf({ steps, attempts, money, doubts }: Bill): ReturnType<typeof dueOf> {
  const refunds = [...money].filter(([transaction, { refund }]) => transaction !== PC_SYSTEM && (refund === 'due' || refund === 'requested'));
  const open = [...attempts.values()].filter(({ state }) => state === 'open');
  return {
    unpaid: steps.length === 0,
    orders: [...new Set([...open, ...doubtsIn(doubts)].map(({ order }) => order))].sort(),
    refunds: refunds.map(([transaction]) => transaction),
  };
}

/** No order is open and no deadline passed unless a person was asked; what the PC system has to give back is a person's task. */
function everythingHasEnded({ terms, steps, attempts, money, doubts }: Bill, open: OpenTasks): void {
  const asked = (order: string) => open.some(({ about }) => about.order === order);
  const waiting = [...attempts.values()].filter(({ order, state }) => state === 'open' && !asked(order));
  expect(waiting).toEqual([]);
  expect(doubtsIn(doubts).filter(({ order }) => !asked(order))).toEqual([]);
  if (terms?.dueBy !== undefined && doubts.size === 0 && [...attempts.values()].every(({ state }) => state !== 'open')) expect(steps).not.toEqual([]);
  const elsewhere = money.get(PC_SYSTEM)?.refund;
  if (elsewhere === 'due') expect(open.filter(({ kind, about }) => kind === 'refund_elsewhere' && about.bill === terms?.bill)).not.toEqual([]);
}
