import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpsPaymentPlatform } from '../../../src/payments/platform/https.payment-platform.js';
import { PlatformUnavailable } from '../../../src/payments/platform/payment-platform.js';
import type { PlatformKeys } from '../../../src/payments/platform/platform-keys.js';
import { signatureOf, signedBytes } from '../../../src/payments/platform/platform-signature.js';
import { keyPair } from '../../payments/platform/key-pairs.js';
import { TcpProxy } from '../../tcp-proxy.js';
import { AtSandbox, RETURN } from './at-sandbox.js';

const ORDER = '2026112200000101';
/** How calls are repeated. */
type Policy = NonNullable<ConstructorParameters<typeof HttpsPaymentPlatform>[2]>;
/** However busy the machine is, what is answered is answered in time. */
const PATIENTLY: Policy = { perTry: 120_000, retries: 2, pause: 5 };
/** For what is never answered. */
const BRIEFLY: Policy = { ...PATIENTLY, perTry: 2_000 };

describe('The payment platform’s client with the sandbox', () => {
  let at: AtSandbox;

  beforeEach(async () => {
    at = await AtSandbox.open();
  });

  afterEach(() => at.close());

  it('The payment platform’s client with the sandbox finds an order unknown until a phone arrives with it, then open, then paid', async () => {
    const address = at.platform.create(at.order(), RETURN);
    expect(new URL(address).origin).toBe(at.platform.origin);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'unknown', payments: [] });
    await at.phone(address);
    expect(await at.platform.query(ORDER)).toEqual({ state: 'open', payments: [] });
    await at.phone(address, 'wechat');
    expect(await at.platform.query(ORDER)).toMatchObject({ state: 'paid', payments: [{ order: ORDER, fen: 9_000, channel: 'wechat' }] });
  });

  it('The payment platform’s client with the sandbox gets a payment refunded once however often it asks', async () => {
    await at.press('alipay');
    const [payment] = (await at.platform.query(ORDER)).payments;
    const refund = { order: ORDER, transaction: payment?.transaction ?? '', fen: 9_000 };
    expect(await Promise.all([at.platform.refund(refund), at.platform.refund(refund)])).toEqual([{ state: 'processing' }, { state: 'processing' }]);
    at.pass(3);
    const done = { state: 'done', refundedAt: '2026-11-22T02:00:03.000Z' };
    expect(await at.platform.refund(refund)).toEqual(done);
    at.pass(86_400);
    expect(await at.platform.refund(refund)).toEqual(done);
  });

  it('The payment platform’s client with the sandbox is refused a refund of another amount, order or payment with the reason', async () => {
    await at.press('alipay');
    const [payment] = (await at.platform.query(ORDER)).payments;
    const refund = { order: ORDER, transaction: payment?.transaction ?? '', fen: 9_000 };
    expect(await at.platform.refund({ ...refund, fen: 8_999 })).toEqual({ state: 'refused', why: 'other_amount' });
    expect(await at.platform.refund({ ...refund, order: '2026112200000102' })).toEqual({ state: 'refused', why: 'unknown_transaction' });
    expect(await at.platform.refund({ ...refund, transaction: 'SB00000000' })).toEqual({ state: 'refused', why: 'unknown_transaction' });
  });

  it('The payment platform’s client with the sandbox is refused with an unknown key or a wrong time', async () => {
    const stranger = new HttpsPaymentPlatform({ ...connectionOf(at), ownKeys: keyPair('stranger').own }, at.clock, PATIENTLY);
    await expect(stranger.query(ORDER)).rejects.toThrow(/401 signature/);
    const early = at.platform;
    const later = new Date(at.clock.now().getTime() + 301_000);
    await at.restart();
    const late = new HttpsPaymentPlatform(connectionOf(at), { now: () => later }, PATIENTLY);
    await expect(late.query(ORDER)).rejects.toThrow(/401 time/);
    expect((await early.query(ORDER)).state).toBe('unknown');
  });

  it('The payment platform’s client with the sandbox asks again when an answer is lost', async () => {
    await at.press('alipay');
    const { hostname, port } = new URL(at.sandbox.settings.PAYMENT_PLATFORM_URL);
    const proxy = await TcpProxy.to(Number(port), hostname);
    const platform = new HttpsPaymentPlatform({ ...connectionOf(at), url: `http://127.0.0.1:${proxy.port}` }, at.clock, { ...BRIEFLY, retries: 50 });
    proxy.loseAnswers();
    const asked = platform.query(ORDER);
    const [payment] = (await at.platform.query(ORDER)).payments;
    proxy.answerAgain();
    expect((await asked).payments).toEqual([payment]);
    await proxy.close();
  });
});

describe('The client of a platform that', () => {
  const { own, known } = keyPair('platform');
  /** How often it was asked. */
  let asked = 0;
  let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    answer(request, response);
  });
  let platform: HttpsPaymentPlatform;
  const asking = (patience: Policy, platformKeys = known) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new HttpsPaymentPlatform({ url, merchant: 'M', ownKeys: keyPair('centre').own, platformKeys }, { now: () => new Date() }, patience);
  };

  beforeEach(async () => {
    asked = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    platform = asking(PATIENTLY);
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Answers so, signed as it should be but for what is given. */
  const signed =
    (said: object | string, { keys = own, status = 200, nonce }: { keys?: PlatformKeys; status?: number; nonce?: string } = {}) =>
    (request: IncomingMessage, response: ServerResponse) => {
      const body = Buffer.from(typeof said === 'string' ? said : JSON.stringify(said));
      const bytes = signedBytes('answer', [nonce ?? String(request.headers['payment-nonce']), String(status)], body);
      response.writeHead(status, { 'payment-key': keys[0].id, 'payment-signature': signatureOf(keys[0], bytes) }).end(body);
    };
  const OPEN = { order: ORDER, state: 'open', payments: [] };
  const PAID = { transaction: 'T0000001', fen: 9_000, channel: 'alipay', paid_at: '2026-11-22T02:00:00Z' };

  it('The client of a platform that answers correctly understands it', async () => {
    answer = signed({ ...OPEN, state: 'paid', payments: [PAID], later_release: { knows: 'more' } });
    const payment = { order: ORDER, transaction: 'T0000001', fen: 9_000, channel: 'alipay', paidAt: '2026-11-22T02:00:00.000Z' };
    expect(await platform.query(ORDER)).toEqual({ state: 'paid', payments: [payment] });
    expect(asked).toBe(1);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['does not sign', (_, response) => response.writeHead(200).end(JSON.stringify(OPEN))],
    ['signs with another key', signed(OPEN, { keys: keyPair('stranger').own })],
    ['signs with another key under the id of its own', signed(OPEN, { keys: [{ id: own[0].id, key: keyPair('stranger').own[0].key }] })],
    ['signs the answer to another request', signed(OPEN, { nonce: '00000000-0000-4000-8000-000000000000' })],
    ['signs an error as if it were none', signed({ error: 'malformed' }, { status: 400 })],
    ['speaks of another order', signed({ ...OPEN, order: '2026112200000102' })],
    ['says paid and by nothing', signed({ ...OPEN, state: 'paid' })],
    ['says open and has payments', signed({ ...OPEN, payments: [PAID] })],
    ['counts a payment twice', signed({ ...OPEN, state: 'paid', payments: [PAID, PAID] })],
    ['pays by half a fen', signed({ ...OPEN, state: 'paid', payments: [{ ...PAID, fen: 0.5 }] })],
    ['pays a negative amount', signed({ ...OPEN, state: 'paid', payments: [{ ...PAID, fen: -1 }] })],
    ['knows a state that there is not', signed({ ...OPEN, state: 'perhaps' })],
    ['answers no JSON', signed('<html>')],
    ['answers nothing', signed('')],
    ['answers without end', (_, response) => response.writeHead(200).end('x'.repeat(100_000))],
    ['sends elsewhere', (_, response) => response.writeHead(302, { location: '/' }).end()],
  ])('The client of a platform that %s does not accept the answer, and does not ask again', async (_, wrongly) => {
    answer = wrongly;
    await expect(platform.query(ORDER)).rejects.toThrow(PlatformUnavailable);
    expect(asked).toBe(1);
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['is busy', (_, response) => response.writeHead(503).end()],
    ['breaks off', (request) => request.socket.destroy()],
    ['breaks off in the middle', (request, response) => response.writeHead(200, { 'content-length': '100' }).write('{', () => request.socket.destroy())],
  ])('The client of a platform that %s asks three times, and then reports it as unavailable', async (_, faulty) => {
    answer = faulty;
    await expect(platform.refund({ order: ORDER, transaction: 'T0000001', fen: 1 })).rejects.toThrow(PlatformUnavailable);
    expect(asked).toBe(3);
  });

  it('The client of a platform that does not answer in time asks again, and then reports it as unavailable', async () => {
    answer = () => {};
    await expect(asking(BRIEFLY).refund({ order: ORDER, transaction: 'T0000001', fen: 1 })).rejects.toThrow(PlatformUnavailable);
    expect(asked).toBeGreaterThan(1);
  });

  it('The client of a platform that recovers by the third attempt gets its answer', async () => {
    answer = (request, response) => (asked < 3 ? request.socket.destroy() : signed(OPEN)(request, response));
    expect((await platform.query(ORDER)).state).toBe('open');
  });

  it('The client of a platform that signs with either of two keys during a change accepts both', async () => {
    const next = keyPair('next platform');
    const both = asking(PATIENTLY, [...known, ...next.known]);
    for (const keys of [own, next.own]) {
      answer = signed(OPEN, { keys });
      expect((await both.query(ORDER)).state).toBe('open');
    }
  });
});

function connectionOf({ sandbox: { settings }, platform }: AtSandbox) {
  const connection: ConstructorParameters<typeof HttpsPaymentPlatform>[0] = Reflect.get(platform, 'connection');
  return { ...connection, url: settings.PAYMENT_PLATFORM_URL };
}
