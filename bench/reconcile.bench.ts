import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { knownEvents } from '../src/composition/known/events.js';
import type { Append } from '../src/event-store/append.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import type { PaymentEvent } from '../src/payments/payments.events.js';
import type { Findings } from '../src/payments/reconciliation/reconciliation.events.js';
import { type DailyRow, dailyText, writeDaily } from '../test/payments/reconciliation/daily.js';
import { type Finding, formatted, scratchFolder } from './measure.js';
import { runCommand } from './processes.js';

const ROWS = 60_000;
/** One of a hundred bills differs from the platform's data, by each of these in turn. */
const WRONG = ['theirs_only', 'paid_twice', 'unknown_order', 'amount_differs', 'ours_only'] as const;
const FEN = 6_000;
const DAY = '2026-10-20';
const BATCH = 500;

/** The time and memory for the platform's file of a busy day. */
export async function* reconciling(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const rows = await recorded(dataDir);
  const file = writeDaily(folder, dailyText('2026-10-21T00:00:00.000+08:00', rows));
  await runCommand(['tasks', '--json'], dataDir); // brings the read models up to date, as in a serving centre
  const first = await runCommand<Findings & { readonly recorded: number }>(['reconcile', file, '--json'], dataDir);
  const again = await runCommand<{ readonly recorded: number }>(['reconcile', file, '--json'], dataDir);
  await rm(folder, { recursive: true });
  const { answer, seconds, peak } = first;
  const wrong = WRONG.map((finding) => `${finding} ${answer[finding].count}`).join(', ');
  const figures = [
    `${rows.length} rows, ${answer.matched.count} matched, ${wrong}; ${answer.recorded} events in ${formatted(seconds, 's')}`,
    `again: ${again.answer.recorded} events in ${formatted(again.seconds, 's')}`,
  ];
  yield {
    what: "seconds for the platform's file of a busy day, from the start of the process to its end",
    figures,
    value: seconds,
    unit: 's',
    aim: { most: 30 },
  };
  yield { what: 'the memory that it takes', figures: [`again: ${formatted(again.peak, 'MiB')}`], value: peak, unit: 'MiB', aim: { most: 300 } };
}

/** Records the day's bills. Returns the platform's rows of them. */
async function recorded(dataDir: string): Promise<readonly DailyRow[]> {
  const events = new SqliteEventStore(join(dataDir, 'events.sqlite'), knownEvents);
  const rows: DailyRow[] = [];
  let appends: Append[] = [];
  for (let at = 0; rows.length < ROWS; at++) {
    const wrong = at % 100 === 99 ? WRONG[Math.floor(at / 100) % WRONG.length] : undefined;
    const bill = `9${String(at).padStart(13, '0')}`;
    const row = {
      order: `${bill}01`,
      transaction: `T20261020${String(at).padStart(9, '0')}`,
      fen: FEN,
      at: new Date(Date.parse(`${DAY}T00:00:00+08:00`) + at * 1_000).toISOString(),
    };
    if (wrong === 'amount_differs') rows.push({ ...row, fen: FEN + 1 });
    else if (wrong !== 'ours_only') rows.push(row);
    if (wrong === 'paid_twice') rows.push({ ...row, transaction: `${row.transaction}2` });
    if (wrong !== 'unknown_order') appends.push(billOf(bill, row, wrong !== 'theirs_only'));
    if (appends.length < BATCH) continue;
    await events.append(appends);
    appends = [];
  }
  await events.append(appends);
  await events.close();
  return rows;
}

function billOf(bill: string, { order, transaction, at }: DailyRow, isPaid: boolean): Append {
  const candidateId = uuid();
  const terms = { candidateId, bill, kind: 'enrolment', period: '2704' } as const;
  const lines = ['00015', '00018'].map((code) => ({ code, fen: FEN / 2 }));
  const happened: PaymentEvent[] = [
    { type: 'BillIssued', data: { ...terms, lines, fen: FEN, createdAt: at, dueBy: '2026-10-30T16:00:00.000Z' } },
    { type: 'PaymentBegun', data: { candidateId, bill, order, fen: FEN, begunAt: at, endsAt: '2026-10-20T16:00:00.000Z' } },
  ];
  if (isPaid)
    happened.push({ type: 'BillPaid', data: { ...terms, codes: lines.map(({ code }) => code), happenedAt: at, order, transaction, channel: 'alipay' } });
  const metadata = () => ({ command: uuid(), correlation: uuid(), by: 'payment-platform', origin: 'reaction' as const });
  return {
    stream: { name: `bill-${bill}`, subject: candidateId },
    expected: 'no_stream',
    events: happened.map((event) => ({ ...event, id: uuid(), metadata: metadata() })),
  };
}
