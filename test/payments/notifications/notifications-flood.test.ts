import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pMap from 'p-map';
import { sandboxKeys } from '../../../demo/sandbox-platform/keys.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { type NotificationOutcome, NotificationOutcomes } from '../../../src/payments/notifications/notification-outcomes.js';
import { BeginPayment } from '../../../src/payments/paying/begin-payment.command.js';
import { KEY_HEADER, NONCE_HEADER, SIGNATURE_HEADER, TIME_HEADER } from '../../../src/payments/platform/platform-protocol.js';
import { type PlatformKey, readKeys, signatureOf, signedBytes } from '../../../src/payments/platform/platform-signature.js';
import { TestCentre } from '../../centre.js';
import { logLines } from '../../log-lines.js';
import { until } from '../../until.js';

const MERCHANT = 'M1';
const BILL = '20261120000001';
/** In every body; no line of the log may have it. */
const MARK = 'SAIDINTHEBODY';
const THOUSAND = 1_000;
const AT_ONCE = 20;

interface Sent {
  /** Names and values in turn, so that a name can come twice. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
  /** The body's bytes that are sent before the connection breaks; missing: all, as they should be. */
  readonly cutAt?: number;
}

interface Heard {
  readonly status: number;
  readonly said: string;
}

let folder: string;
let centre: TestCentre;
let platform: PlatformKey;
let stranger: PlatformKey;
let port: number;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flood-'));
  const keys = sandboxKeys(folder);
  [platform] = keys.platform;
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  stranger = readKeys(String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'private')[0] as PlatformKey;
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', {
    PAYMENT_PLATFORM_URL: 'http://127.0.0.1:1',
    PAYMENT_MERCHANT: MERCHANT,
    PAYMENT_KEY_FILE: keys.merchantFile,
    PAYMENT_PLATFORM_KEY_FILE: keys.platformPublicFile,
  });
  const candidateId = await centre.candidate('119912345601');
  const terms = { period: '2704', kind: 'enrolment', state: 'due', amount_fen: '3000', items: '03708:3000' };
  await centre.rows('payments', { ...terms, bill_no: BILL, admission_no: '119912345601', created_at: '2026-11-20T20:12:00+08:00' });
  await centre.record(new BeginPayment(centre.given(), BILL, candidateId));
  port = Number(new URL(await centre.listen()).port);
});

afterAll(async () => {
  agent.destroy();
  await centre.close();
  rmSync(folder, { recursive: true });
});

/** What a notification of the platform says of the order of the bill. */
function paid(at: number, changes: object = {}): Uint8Array {
  const said = { kind: 'paid', merchant: MERCHANT, order: `${BILL}01`, transaction: `${MARK}${at}`, fen: 3_000, channel: 'alipay' };
  return Buffer.from(JSON.stringify({ ...said, paid_at: centre.clock.now().toISOString(), ...changes }));
}

/** Signed as the platform signs, but for what is given. */
function signed(body: Uint8Array, how: { readonly key?: PlatformKey; readonly id?: string; readonly ago?: number; readonly nonce?: string } = {}): Sent {
  const { key = platform, id = key.id, ago = 0, nonce = `nonce-${randomBytes(12).toString('hex')}` } = how;
  const time = String(centre.clock.now().getTime() - ago);
  const signature = signatureOf(key, signedBytes('notification', [time, nonce], body));
  const headers = [KEY_HEADER, id, TIME_HEADER, time, NONCE_HEADER, nonce, SIGNATURE_HEADER, signature];
  return { headers: ['content-type', 'application/json', ...headers], body };
}

/** The answer; undefined where the connection ended without one. */
function send({ headers, body, cutAt }: Sent): Promise<Heard | undefined> {
  return new Promise((resolve) => {
    const all = ['host', '127.0.0.1', ...headers, 'content-length', String(body.length)];
    const sending = request({ host: '127.0.0.1', port, method: 'POST', path: '/payments/notify', headers: all, agent }, (answer) => {
      let said = '';
      answer.setEncoding('utf8').on('data', (part) => {
        said += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, said }));
      answer.on('error', () => resolve(undefined));
    });
    sending.on('error', () => resolve(undefined));
    if (cutAt === undefined) sending.end(body);
    else sending.write(body.subarray(0, cutAt), () => sending.destroy());
  });
}

const without = ({ headers, body }: Sent, name: string): Sent => ({ headers: headers.toSpliced(headers.indexOf(name), 2), body });
const changed = ({ headers, body }: Sent, name: string, value: string): Sent => ({ headers: headers.toSpliced(headers.indexOf(name) + 1, 1, value), body });
const twice = ({ headers, body }: Sent, name: string): Sent => ({ headers: [...headers, name, headers[headers.indexOf(name) + 1] ?? ''], body });
const SIGNED = [KEY_HEADER, TIME_HEADER, NONCE_HEADER, SIGNATURE_HEADER];
const TYPES = [
  'text/plain',
  'text/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'nonsense',
  'application/json; charset=utf-16',
];
/** One of several, another for each. */
const of = <T>(several: readonly T[], at: number): T => several[at % several.length] as T;
const flipped = (bytes: Uint8Array, at: number) => bytes.with(at % bytes.length, (bytes[at % bytes.length] ?? 0) ^ (1 << (at % 8)));

/** Ways not to be the platform, each with what it is counted as. */
const WAYS: Readonly<Record<string, readonly [NotificationOutcome, (at: number) => Sent]>> = {
  'a body that is noise, signed': ['malformed', (at) => signed(Buffer.concat([Buffer.from(MARK), randomBytes(at)]))],
  'a body cut short and signed so': ['malformed', (at) => signed(paid(at).subarray(0, (at * 31) % paid(at).length))],
  'an amount that is none, signed': ['malformed', (at) => signed(paid(at, { fen: of<unknown>([-1, 0, 1.5, '3000', null, 1e12], at) }))],
  'a header less': ['malformed', (at) => without(signed(paid(at)), of(SIGNED, at))],
  'a header twice': ['malformed', (at) => twice(signed(paid(at)), of(SIGNED, at))],
  'a header that is noise': ['malformed', (at) => changed(signed(paid(at)), of(SIGNED, at), `${MARK}${at} ${'x'.repeat(at)}`)],
  'a body of 1 MB': ['malformed', (at) => signed(Buffer.concat([paid(at), Buffer.alloc(1024 * 1024, ' ')]))],
  'a content type that is none': ['malformed', (at) => changed(signed(paid(at)), 'content-type', of(['nonsense', '/', 'a b', ';'], at))],
  'no body': ['signature', (at) => ({ ...signed(paid(at)), body: Buffer.alloc(0) })],
  'a bit turned over in the body': ['signature', (at) => ({ ...signed(paid(at)), body: flipped(paid(at), at * 31) })],
  'a body cut short after it was signed': ['signature', (at) => ({ ...signed(paid(at)), body: paid(at).subarray(0, (at * 31) % paid(at).length) })],
  'a signature of another thing': ['signature', (at) => ({ ...signed(paid(at)), body: paid(at + 1) })],
  'the key of a stranger': ['signature', (at) => signed(paid(at), { key: stranger })],
  'the key of a stranger under the name of the platform’s': ['signature', (at) => signed(paid(at), { key: stranger, id: platform.id })],
  'a body packed after it was signed': ['signature', (at) => ({ ...signed(paid(at)), body: gzipSync(paid(at)) })],
  'another content type, and another body': ['signature', (at) => changed({ ...signed(paid(at)), body: paid(at + 1) }, 'content-type', of(TYPES, at))],
  'a time long ago': ['time', (at) => signed(paid(at), { ago: 300_001 + at * 1_000 })],
  'a time to come': ['time', (at) => signed(paid(at), { ago: -300_001 - at * 1_000 })],
  'what was meant for another merchant': ['merchant', (at) => signed(paid(at, { merchant: `M${at + 2}` }))],
};

it('A thousand forged or altered notifications are each refused and counted, and the next genuine one is recorded', async () => {
  const lines = logLines();
  const events = centre.get(EventStore);
  const outcomes = centre.get(NotificationOutcomes);
  const genuine = signed(paid(0));
  expect(await send(genuine)).toEqual({ status: 200, said: 'success' });
  centre.clock.time = new Date(centre.clock.time.getTime() + 300_001);
  const before = await events.head();
  const already = new Map(outcomes.counts());

  const ways = [...Object.values(WAYS), ['time', () => genuine] as const];
  const sendings = Array.from({ length: THOUSAND }, (_, at) => of(ways, at));
  const heard = await pMap(sendings, ([, made], at) => send(made(at)), { concurrency: AT_ONCE });

  const wanted = new Map(already);
  for (const [outcome] of sendings) wanted.set(outcome, (wanted.get(outcome) ?? 0) + 1);
  expect(new Map(outcomes.counts())).toEqual(wanted);
  // whoever sends 1 MB may be cut off before the answer is there
  const answers = heard.map((answer, at) => answer ?? { status: 413, said: `cut off: ${Object.keys(WAYS)[at % ways.length]}` });
  expect(answers.filter(({ status }) => ![400, 413, 415].includes(status))).toEqual([]);
  expect(answers.filter(({ said }) => said.startsWith('cut off') && !said.endsWith('1 MB'))).toEqual([]);
  expect(answers.filter(({ said }) => said.includes('success'))).toEqual([]);
  expect(await events.head()).toBe(before);

  // broken off in the middle
  const cut = await pMap(Array.from({ length: 50 }), (_, at) => send({ ...signed(paid(at)), cutAt: 1 + at * 3 }), { concurrency: AT_ONCE });
  expect(new Set(cut)).toEqual(new Set([undefined]));

  expect(await send(signed(paid(1_000)))).toEqual({ status: 200, said: 'success' });
  const [history = []] = await events.streams([`bill-${BILL}`]);
  expect(history.map(({ type }) => type)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid', 'RefundDue']);
  expect(lines.length).toBeGreaterThan(THOUSAND);
  expect(lines.filter((line) => line.includes(MARK))).toEqual([]);
  await until('those broken off to be counted', () => (outcomes.counts().get('malformed') ?? 0) === (wanted.get('malformed') ?? 0) + 50);
});
