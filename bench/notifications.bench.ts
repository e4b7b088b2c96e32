import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { v4 as uuid } from 'uuid';
import { sandboxKeys } from '../demo/sandbox-platform/keys.js';
import { knownEvents } from '../src/composition/known/events.js';
import type { Append } from '../src/event-store/append.js';
import { SqliteEventStore } from '../src/event-store/sqlite/event-store.js';
import type { PaymentEvent } from '../src/payments/payments.events.js';
import { billStream } from '../src/payments/payments.streams.js';
import { KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER } from '../src/payments/platform/platform-protocol.js';
import { type PlatformKey, signatureOf, signedBytes } from '../src/payments/platform/platform-signature.js';
import { type Finding, formatted, median, quantile, rounds, scratchFolder } from './measure.js';
import { askProcess, centre } from './processes.js';
import { percentiles } from './request-times.js';
import type { NotificationLoad, NotificationTimes } from './send-notifications.js';
import { waitUntilShown } from './wait-until-shown.js';

const ROUNDS = 5;
const A_ROUND = 2_000;
const IN_FLIGHT = 50;
const MERCHANT = 'BENCH';
const FEN = 6_000;
const CODES = ['00015', '00018'];
/** Also in the round of warming up. */
const BILLS = (ROUNDS + 1) * A_ROUND;

interface Bill {
  readonly candidateId: string;
  readonly bill: string;
}

/** How many notified payments per second a centre with all roles records, and how long the platform waits for "success". */
export async function* notifications(): AsyncGenerator<Finding> {
  const folder = await scratchFolder();
  const [dataDir, bare] = [join(folder, 'data'), join(folder, 'bare.sqlite')];
  await mkdir(dataDir);
  const log = join(dataDir, 'events.sqlite');
  const bills = await begunBills(log);
  await cp(log, bare);
  const keys = sandboxKeys(join(folder, 'keys'));
  const ours = await centre(dataDir, {
    PAYMENT_PLATFORM_URL: 'https://pay.invalid',
    PAYMENT_MERCHANT: MERCHANT,
    PAYMENT_KEY_FILE: keys.merchantFile,
    PAYMENT_PLATFORM_KEY_FILE: keys.platformPublicFile,
  });
  await waitUntilShown(dataDir);
  const events = new SqliteEventStore(bare, knownEvents);
  const times: number[] = [];
  let [told, written] = [0, 0];
  /** Milliseconds of processor time for each, in the best round, since other load only adds to it. */
  let least = Number.POSITIVE_INFINITY;
  const next = (from: number) => bills.slice(from, from + A_ROUND);
  const both = {
    notified: async () => {
      const before = ours.worked();
      const notified = await askProcess<NotificationTimes>(new URL('./send-notifications.js', import.meta.url), {
        url: `${ours.address}/payments/notify`,
        inFlight: IN_FLIGHT,
        notifications: next(told).map((each) => notification(each, keys.platform[0])),
      } satisfies NotificationLoad);
      if (notified.failed > 0) throw new Error(`${notified.failed} notifications were not answered with success`);
      if (told > 0) times.push(...notified.times);
      told += A_ROUND;
      await waitUntilShown(dataDir); // so that the reactions to them do not slow the next round
      least = Math.min(least, (ours.worked() - before) / A_ROUND);
      return A_ROUND / notified.seconds;
    },
    appended: async () => {
      const appends = next(written).map(paid);
      written += A_ROUND;
      const begun = performance.now();
      await pMap(appends, (append) => events.append([append]), { concurrency: IN_FLIGHT });
      return (A_ROUND * 1_000) / (performance.now() - begun);
    },
  };
  await rounds(1, both); // warms up
  const rates = await rounds(ROUNDS, both);
  await events.close();
  await ours.stop();
  await rm(folder, { recursive: true });
  const [reached, possible] = [median(rates.notified), median(rates.appended)];
  yield {
    what: `notifications a second of which each pays a bill, ${IN_FLIGHT} in flight, against bare appends of the same events, both durable`,
    figures: [
      `the centre: ${formatted(reached, 'notifications/s')}, ${formatted(least, 'ms')} of processor time each with what follows from it`,
      `bare appends, ${IN_FLIGHT} in flight: ${formatted(possible, 'events/s')}`,
    ],
    value: reached / possible,
    aim: { least: 0.5 },
  };
  yield {
    what: `99th percentile of how long the platform waits for "success" with ${IN_FLIGHT} in flight; it gives up after 5,000 ms`,
    figures: [percentiles(times)],
    value: quantile(times, 0.99),
    unit: 'ms',
    aim: { most: 250 },
  };
}

/** Records bills that are being paid. */
async function begunBills(log: string): Promise<readonly Bill[]> {
  const events = new SqliteEventStore(log, knownEvents);
  const bills = Array.from({ length: BILLS }, (_, at) => ({ candidateId: uuid(), bill: `9${String(at).padStart(13, '0')}` }));
  for (let from = 0; from < BILLS; from += A_ROUND) await events.append(bills.slice(from, from + A_ROUND).map(begun));
  await events.close();
  return bills;
}

function begun({ candidateId, bill }: Bill): Append {
  const [begunAt, endsAt, dueBy] = [60, 75, 600].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString()) as [string, string, string];
  const lines = CODES.map((code) => ({ code, fen: FEN / 2 }));
  const happened: PaymentEvent[] = [
    { type: 'BillIssued', data: { candidateId, bill, kind: 'enrolment', period: '2704', lines, fen: FEN, createdAt: new Date().toISOString(), dueBy } },
    // the platform is not queried before this has passed
    { type: 'PaymentBegun', data: { candidateId, bill, order: `${bill}01`, fen: FEN, begunAt, endsAt } },
  ];
  return append({ candidateId, bill }, 'no_stream', happened);
}

/** The events that the centre records for a notification. */
function paid({ candidateId, bill }: Bill): Append {
  const payment = { order: `${bill}01`, transaction: `T${bill}`, channel: 'alipay', happenedAt: new Date().toISOString() } as const;
  return append({ candidateId, bill }, 1, [{ type: 'BillPaid', data: { candidateId, bill, kind: 'enrolment', period: '2704', codes: CODES, ...payment } }]);
}

function append({ candidateId, bill }: Bill, expected: Append['expected'], happened: readonly PaymentEvent[]): Append {
  const metadata = () => ({ command: uuid(), correlation: uuid(), by: 'payment-platform', origin: 'reaction' as const });
  return { stream: billStream(bill, candidateId), expected, events: happened.map((event) => ({ ...event, id: uuid(), metadata: metadata() })) };
}

function notification({ bill }: Bill, key: PlatformKey): NotificationLoad['notifications'][number] {
  const body = JSON.stringify({
    kind: 'paid',
    merchant: MERCHANT,
    order: `${bill}01`,
    transaction: `T${bill}`,
    fen: FEN,
    channel: 'alipay',
    paid_at: new Date().toISOString(),
  });
  const [time, nonce] = [String(Date.now()), uuid()];
  const signature = signatureOf(key, signedBytes('notification', [time, nonce], Buffer.from(body)));
  const headers = { [KEY_HEADER]: key.id, [TIME_HEADER]: time, [NONCE_HEADER]: nonce, [SIGNATURE_HEADER]: signature };
  return { headers: { 'content-type': 'application/json', ...headers }, body };
}
