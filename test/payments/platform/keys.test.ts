import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { configuredPaymentPlatform } from '../../../src/payments/platform/configured-payment-platform.js';
import { ForgedNotification, PlatformUnavailable } from '../../../src/payments/platform/payment-platform.js';
import { platformKeysFrom } from '../../../src/payments/platform/platform-keys.js';
import { BadSettings, readSettings } from '../../../src/settings/settings.js';
import { AtSandbox, RETURN } from '../../demo/sandbox-platform/at-sandbox.js';
import { keyPair } from './key-pairs.js';

const folder = mkdtempSync(join(tmpdir(), 'keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (text: string) => {
  const path = join(folder, 'keys.pem');
  writeFileSync(path, text);
  return path;
};

describe('A file of keys', () => {
  const { privatePem, publicPem, own, known } = keyPair('one');
  const other = keyPair('other');

  it('A file of keys has one or two keys, of which the first signs, and both halves of a pair have the same id', () => {
    expect(platformKeysFrom('PAYMENT_KEY_FILE', file(privatePem), 'private')[0].id).toBe(own[0].id);
    expect(known[0].id).toBe(own[0].id);
    const two = platformKeysFrom('PAYMENT_PLATFORM_KEY_FILE', file(`# ours\n${other.publicPem}\n${publicPem}`), 'public');
    expect(two.map(({ id }) => id)).toEqual([other.known[0].id, known[0].id]);
    expect(new Set(two.map(({ id }) => id)).size).toBe(2);
  });

  const encrypted = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes256', passphrase: 'x' });
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const curved = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  it.each<[string, () => string, 'private' | 'public', RegExp]>([
    ['that is not there', () => join(folder, 'nowhere.pem'), 'private', /nowhere\.pem: 无法读取/],
    ['with nothing in it', () => file(''), 'private', /没有 PEM 格式的密钥/],
    ['with three keys', () => file(publicPem.repeat(3)), 'public', /3 个密钥，最多只能有两个/],
    ['with a private key where a public one is wanted', () => file(privatePem), 'public', /应为公钥，其中是 PRIVATE KEY/],
    ['with a public key where a private one is wanted', () => file(publicPem), 'private', /应为私钥，其中是 PUBLIC KEY/],
    ['with a short key', () => file(String(short)), 'private', /1024 位/],
    ['with a key of another kind', () => file(String(curved)), 'private', /应为 RSA 密钥，其中是 ec/],
    ['with a key that has a pass phrase', () => file(String(encrypted)), 'private', /无法读取，或者带密码/],
    ['with a damaged key', () => file(privatePem.replace(/^[A-Za-z\d+/]{64}$/m, 'x')), 'private', /无法读取/],
  ])('A file of keys %s is a bad setting, and the message names it and the reason and shows nothing of the key', (_, path, half, why) => {
    const read = () => platformKeysFrom('PAYMENT_KEY_FILE', path(), half);
    expect(read).toThrow(BadSettings);
    expect(read).toThrow(/^PAYMENT_KEY_FILE: /);
    expect(read).toThrow(why);
    expect(read).not.toThrow(/[A-Za-z\d+/]{40}/);
  });
});

describe('The settings of the payment platform', () => {
  const all = { PAYMENT_PLATFORM_URL: 'https://pay.example/', PAYMENT_MERCHANT: 'M1', PAYMENT_KEY_FILE: 'a.pem', PAYMENT_PLATFORM_KEY_FILE: 'b.pem' };
  const production = { NODE_ENV: 'production', SESSION_SECRET: 's'.repeat(32), MASTER_KEY: Buffer.alloc(32, 1).toString('base64') };
  const now = () => new Date();

  it('The settings of the payment platform must be given together or not at all', () => {
    expect(readSettings(all)).toMatchObject(all);
    for (const name of Object.keys(all)) expect(() => readSettings({ ...all, [name]: '' })).toThrow(new RegExp(`^${name}: 支付平台的设置要么都给出`));
    expect(readSettings({}).PAYMENT_PLATFORM_URL).toBeUndefined();
  });

  it('The settings of the payment platform need https in production, and allow no sandbox there', () => {
    expect(readSettings({ ...production, ...all })).toMatchObject(all);
    expect(() => readSettings({ ...production, ...all, PAYMENT_PLATFORM_URL: 'http://pay.example' })).toThrow(/^PAYMENT_PLATFORM_URL: 正式运行时必须用 https/);
    for (const sandbox of [{ SANDBOX_PORT: '4999' }, { SANDBOX_URL: 'http://127.0.0.1:4999' }]) {
      expect(() => readSettings({ ...production, ...sandbox })).toThrow(/正式运行时不能使用支付平台的沙盒/);
    }
  });

  it.each([
    ['PAYMENT_PLATFORM_URL', 'pay.example'],
    ['PAYMENT_PLATFORM_URL', 'ftp://pay.example'],
    ['PAYMENT_PLATFORM_URL', 'https://pay.example/?a=1'],
    ['PAYMENT_MERCHANT', 'a b'],
  ])('The settings of the payment platform refuse %s %s', (name, value) =>
    expect(() => readSettings({ ...all, [name]: value })).toThrow(new RegExp(`^${name}: `)),
  );

  it('The settings of the payment platform may be missing, and then no payment can be made', async () => {
    const none = configuredPaymentPlatform(readSettings({}), { now });
    expect(none.origin).toBeUndefined();
    const order = { order: '2026112200000101', fen: 1, title: 'x', begunAt: '', endsAt: '' };
    expect(() => none.create(order, RETURN)).toThrow(PlatformUnavailable);
    await expect(none.query(order.order)).rejects.toThrow(PlatformUnavailable);
    await expect(none.refund({ order: order.order, transaction: 'T0000001', fen: 1 })).rejects.toThrow(PlatformUnavailable);
    expect(() => none.verify({ headers: {}, body: new Uint8Array() }, now())).toThrow(ForgedNotification);
  });

  it('The settings of the payment platform may name a platform under a path', () => {
    const [own, known] = [join(folder, 'own.pem'), join(folder, 'known.pem')];
    writeFileSync(own, keyPair('one').privatePem);
    writeFileSync(known, keyPair('other').publicPem);
    const settings = { ...readSettings(all), PAYMENT_PLATFORM_URL: 'https://pay.example/gate/', PAYMENT_KEY_FILE: own, PAYMENT_PLATFORM_KEY_FILE: known };
    const platform = configuredPaymentPlatform(settings, { now });
    expect(platform.origin).toBe('https://pay.example');
    const order = { order: '2026112200000101', fen: 1, title: '费', begunAt: '2026-11-22T02:00:00.000Z', endsAt: '2026-11-22T02:15:00.000Z' };
    expect(platform.create(order, RETURN)).toMatch(/^https:\/\/pay\.example\/gate\/pay\?begun=/);
  });
});

describe('Keys that are being replaced', () => {
  let at: AtSandbox;

  beforeEach(async () => {
    at = await AtSandbox.open();
  });

  afterEach(() => at.close());

  const put = (name: string, ...pems: readonly string[]) => writeFileSync(join(at.folder, name), pems.join(''));
  const kept = (name: string) => readFileSync(join(at.folder, name), 'utf8');
  const isUnderstood = async (platform = at.platform) => (await platform.query('2026112200000101')).state === 'unknown';

  it('Keys that are being replaced are readable by their owner alone', async () => {
    for (const name of ['merchant.pem', 'platform.pem']) expect(statSync(join(at.folder, name)).mode & 0o777).toBe(0o600);
  });

  it('Keys that are being replaced are both accepted for the platform until the old one is removed', async () => {
    const old = kept('platform.pem');
    const { privatePem } = keyPair('next');
    put('platform.pem', old, privatePem); // announced, not used yet
    await at.restart();
    const [before, between] = [at.platform, at.newPlatform()];
    expect(await isUnderstood(before)).toBe(true);
    put('platform.pem', privatePem, old);
    await at.restart();
    expect(await isUnderstood(between)).toBe(true);
    await expect(isUnderstood(before)).rejects.toThrow(/not with its signature/);
    put('platform.pem', privatePem);
    await at.restart();
    const after = at.newPlatform();
    put('platform.pem', old);
    await at.restart();
    await expect(isUnderstood(after)).rejects.toThrow(/not with its signature/);
  });

  it('Keys that are being replaced are both accepted for orders and calls of the centre until the old one is removed', async () => {
    const before = at.platform;
    const old = kept('merchant.pem');
    const { privatePem } = keyPair('next');
    const address = before.create(at.order(), RETURN);
    put('merchant.pem', privatePem, old);
    await at.restart();
    const between = at.newPlatform();
    for (const platform of [before, between]) expect(await isUnderstood(platform)).toBe(true);
    for (const each of [address, between.create(at.order(), RETURN)]) expect((await at.phone(each)).status).toBe(200);
    put('merchant.pem', privatePem);
    await at.restart();
    await expect(isUnderstood(before)).rejects.toThrow(/401 signature/);
    expect((await at.phone(address)).status).toBe(400);
  });
});
