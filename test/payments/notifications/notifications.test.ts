import { createPublicKey, sign } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HttpsPaymentPlatform } from '../../../src/payments/platform/https.payment-platform.js';
import { FORGERIES, ForgedNotification, type RawNotification } from '../../../src/payments/platform/payment-platform.js';
import { type SignedKind, signatureOf, signedBytes } from '../../../src/payments/platform/platform-signature.js';
import { keyPair } from '../platform/key-pairs.js';

const NOW = new Date('2026-11-22T02:00:00.000Z');
const { own, known } = keyPair('platform');
const stranger = keyPair('stranger').own;
const next = keyPair('next platform');
const connection = { url: 'https://pay.example', merchant: 'M1', ownKeys: keyPair('centre').own, platformKeys: [...known, ...next.known] as const };
const platform = new HttpsPaymentPlatform(connection, { now: () => NOW });

const PAID = {
  kind: 'paid',
  merchant: 'M1',
  order: '2026112200000101',
  transaction: 'T20261122000000001',
  fen: 9_000,
  channel: 'alipay',
  paid_at: '2026-11-22T01:59:58Z',
};
const CLOSED = { kind: 'closed', merchant: 'M1', order: '2026112200000101' };

interface Made {
  readonly time?: number | string;
  readonly nonce?: string;
  readonly key?: (typeof own)[0];
  readonly kind?: SignedKind;
}

/** A notification as the platform makes it, but for what is given. */
function notification(
  said: object | Uint8Array,
  { time = NOW.getTime(), nonce = 'a-nonce-of-its-own-1', key = own[0], kind = 'notification' }: Made = {},
): RawNotification {
  const body = said instanceof Uint8Array ? said : Buffer.from(JSON.stringify(said));
  const signature = signatureOf(key, signedBytes(kind, [String(time), nonce], body));
  return { headers: { 'payment-key': key.id, 'payment-time': String(time), 'payment-nonce': nonce, 'payment-signature': signature }, body };
}

const genuine = notification(PAID);
const header = (name: string, value: string | readonly string[] | undefined): RawNotification => ({
  ...genuine,
  headers: { ...genuine.headers, [name]: value },
});

/** Why it is refused; undefined when it is not. What is thrown beside refusals is a bug. */
function refusal(raw: RawNotification, now = NOW): ForgedNotification['reason'] | undefined {
  try {
    platform.verify(raw, now);
    return undefined;
  } catch (error) {
    if (error instanceof ForgedNotification) return error.reason;
    throw error;
  }
}

describe('A notification', () => {
  it('A notification of a payment is read', () => {
    const payment = { order: PAID.order, transaction: PAID.transaction, fen: 9_000, channel: 'alipay', paidAt: '2026-11-22T01:59:58.000Z' };
    expect(platform.verify(genuine, NOW)).toEqual({ kind: 'paid', payment });
  });

  it('A notification of an order that was closed is read', () =>
    expect(platform.verify(notification(CLOSED), NOW)).toEqual({ kind: 'closed', order: PAID.order }));

  it('A notification may have fields that are not known, and be signed by the other of two keys', () => {
    expect(refusal(notification({ ...PAID, later_release: { knows: 'more' } }))).toBeUndefined();
    expect(refusal(notification(PAID, { key: next.own[0] }))).toBeUndefined();
  });

  it('A notification is accepted when its time differs by up to 300 seconds', () => {
    const after = (milliseconds: number) => refusal(genuine, new Date(NOW.getTime() + milliseconds));
    expect([-300_001, -300_000, 0, 300_000, 300_001].map(after)).toEqual(['time', undefined, undefined, undefined, 'time']);
  });

  it.each<[string, RawNotification, ForgedNotification['reason']]>([
    ['without headers', { ...genuine, headers: {} }, 'malformed'],
    ['with a header twice', header('payment-nonce', ['a-nonce-of-its-own-1', 'a-nonce-of-its-own-2']), 'malformed'],
    ['with a time that is none', header('payment-time', 'now'), 'malformed'],
    ['with a time in seconds', notification(PAID, { time: '1795312800' }), 'malformed'],
    ['with a nonce that breaks the line', notification(PAID, { nonce: 'a-nonce-of-its-\nown-1' }), 'malformed'],
    ['with a signature that is no base64', header('payment-signature', 'ä'.repeat(344)), 'malformed'],
    ['by a key that nobody knows', header('payment-key', '0123456789abcdef'), 'signature'],
    ['by a stranger', notification(PAID, { key: stranger[0] }), 'signature'],
    ['by a stranger under the platform’s id', notification(PAID, { key: { id: own[0].id, key: stranger[0].key } }), 'signature'],
    ['by the centre’s own key', notification(PAID, { key: connection.ownKeys[0] }), 'signature'],
    ['signed as an answer', notification(PAID, { kind: 'answer' }), 'signature'],
    ['signed as a request', notification(PAID, { kind: 'request' }), 'signature'],
    ['with another time than was signed', header('payment-time', String(NOW.getTime() + 1)), 'signature'],
    ['with another nonce than was signed', header('payment-nonce', 'a-nonce-of-its-own-2'), 'signature'],
    ['with the signature of another', header('payment-signature', notification(CLOSED).headers['payment-signature']), 'signature'],
    ['with another amount than was signed', { ...genuine, body: Buffer.from(JSON.stringify({ ...PAID, fen: 1 })) }, 'signature'],
    ['for another merchant', notification({ ...PAID, merchant: 'M2' }), 'merchant'],
    ['of a kind that there is not', notification({ ...PAID, kind: 'gift' }), 'malformed'],
    ['of no amount', notification({ ...PAID, fen: 0 }), 'malformed'],
    ['of half a fen', notification({ ...PAID, fen: 0.5 }), 'malformed'],
    ['of an amount in words', notification({ ...PAID, fen: '9000' }), 'malformed'],
    ['of an amount beyond all', notification({ ...PAID, fen: 1e12 }), 'malformed'],
    ['by a channel that there is not', notification({ ...PAID, channel: 'cash' }), 'malformed'],
    ['of a day that there is not', notification({ ...PAID, paid_at: '2026-02-30T00:00:00Z' }), 'malformed'],
    ['of a time without a zone', notification({ ...PAID, paid_at: '2026-11-22T10:00:00' }), 'malformed'],
    ['of an order that is none', notification({ ...PAID, order: '../../1' }), 'malformed'],
    ['of a transaction that is none', notification({ ...PAID, transaction: "T1' OR 1" }), 'malformed'],
    ['that is no JSON', notification(Buffer.from('paid')), 'malformed'],
    ['that is no UTF-8', notification(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['that is null', notification(Buffer.from('null')), 'malformed'],
    ['that is empty', notification(Buffer.alloc(0)), 'malformed'],
    ['that is too large', notification(Buffer.from(JSON.stringify({ ...PAID, x: 'x'.repeat(20_000) }))), 'malformed'],
  ])('A notification %s is refused', (_, raw, reason) => expect(refusal(raw)).toBe(reason));
});

describe('Of a thousand notifications none is accepted', () => {
  /** How often each reason was given, so that none is there only on paper. */
  const counted = new Map<string, number>();
  const isRefused = (raw: RawNotification, now?: Date) => {
    const reason = refusal(raw, now);
    counted.set(String(reason), (counted.get(String(reason)) ?? 0) + 1);
    return reason !== undefined;
  };
  const all = <T>(property: fc.IProperty<T>) => fc.assert(property, { numRuns: 1_000 });

  const bytes = fc.uint8Array({ maxLength: 2_000 });
  const names = fc.constantFrom('payment-key', 'payment-time', 'payment-nonce', 'payment-signature');
  const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.array(fc.string()), fc.constant(undefined), fc.base64String({ maxLength: 600 }));

  it('Of a thousand notifications none is accepted with random bytes and headers', () => {
    all(fc.property(fc.dictionary(fc.oneof(names, fc.string()), value), bytes, (headers, body) => isRefused({ headers, body })));
  });

  it('Of a thousand notifications none is accepted with one altered header', () => {
    const given = (name: string) => genuine.headers[name];
    all(fc.property(names, value, (name, text) => fc.pre(text !== given(name)) === undefined && isRefused(header(name, text))));
  });

  it('Of a thousand notifications none is accepted with one altered bit', () => {
    const flipped = (at: number) => genuine.body.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte));
    all(fc.property(fc.nat(genuine.body.length * 8 - 1), (at) => isRefused({ ...genuine, body: flipped(at) })));
  });

  it('Of a thousand notifications none is accepted with one altered bit in the signature', () => {
    const signature = Buffer.from(String(genuine.headers['payment-signature']), 'base64');
    const flipped = (at: number) => Buffer.from(signature.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte)));
    all(fc.property(fc.nat(signature.length * 8 - 1), (at) => isRefused(header('payment-signature', flipped(at).toString('base64')))));
  });

  it('Of a thousand notifications none is accepted that are truncated or extended', () => {
    const cut = fc.nat(genuine.body.length - 1).map((length) => genuine.body.subarray(0, length));
    const longer = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((more) => Buffer.concat([genuine.body, more]));
    all(fc.property(fc.oneof(cut, longer), (body) => isRefused({ ...genuine, body })));
  });

  it('Of a thousand notifications none is accepted that are repeated when their time is over', () => {
    const ago = fc.integer({ min: 300_001, max: 10 * 365 * 86_400_000 });
    all(fc.property(ago, fc.constantFrom(-1, 1), (much, way) => isRefused(genuine, new Date(NOW.getTime() + way * much))));
  });

  it('Of a thousand notifications none is accepted of other contents with a signature of one of them', () => {
    const contents = fc.record({ ...Object.fromEntries(Object.keys(PAID).map((name) => [name, fc.jsonValue()])) });
    all(fc.property(contents, (said) => isRefused({ ...genuine, body: Buffer.from(JSON.stringify(said)) })));
  });

  // what follows is signed: 200 each, since signing takes a millisecond
  it('Of a thousand notifications none is accepted of any contents, signed by the platform', () => {
    const contents = fc.oneof(fc.jsonValue(), fc.record({ kind: fc.constantFrom('paid', 'closed'), merchant: fc.constant('M1'), order: fc.jsonValue() }));
    fc.assert(
      fc.property(contents, (said) => isRefused(notification(Buffer.from(JSON.stringify(said) ?? '')))),
      { numRuns: 200 },
    );
  });

  it('Of a thousand notifications none is accepted of right contents, signed by whoever else', () => {
    const keyed = fc.constantFrom(stranger[0], { id: own[0].id, key: stranger[0].key }, connection.ownKeys[0]);
    fc.assert(
      fc.property(keyed, fc.nat(1e9), (key, fen) => isRefused(notification({ ...PAID, fen: fen + 1 }, { key }))),
      { numRuns: 200 },
    );
  });

  it('Of a thousand notifications none is accepted signed with the platform’s public key as if it were a secret, or with another digest', () => {
    const publicPem = createPublicKey(keyPair('platform').publicPem).export({ type: 'spki', format: 'pem' });
    const lines = signedBytes('notification', [String(NOW.getTime()), 'a-nonce-of-its-own-1'], genuine.body);
    expect(isRefused(header('payment-signature', Buffer.from(publicPem).toString('base64')))).toBe(true);
    expect(isRefused(header('payment-signature', sign('sha1', lines, own[0].key).toString('base64')))).toBe(true);
    expect(isRefused(header('payment-signature', sign('sha512', lines, own[0].key).toString('base64')))).toBe(true);
  });

  afterAll(() => {
    expect(counted.has('undefined')).toBe(false);
    for (const reason of FORGERIES.filter((each) => each !== 'merchant')) expect(counted.get(reason)).toBeGreaterThan(100);
  });
});
