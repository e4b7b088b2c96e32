import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SandboxSettings } from '../../../demo/sandbox-platform/sandbox.js';
import { withSandbox } from '../../../demo/sandbox-platform/with-sandbox.js';
import { SystemClock } from '../../../src/kernel/clock.js';
import { Readiness } from '../../../src/kernel/readiness.js';
import { configuredPaymentPlatform } from '../../../src/payments/platform/configured-payment-platform.js';
import { readSettings } from '../../../src/settings/settings.js';
import { until } from '../../until.js';
import { Listener, RETURN } from './at-sandbox.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const settings = (given: Readonly<Record<string, string>> = {}) => readSettings({ DATA_DIR: folder, DEMO: 'true', ...given });

/** Starts a centre that is only an address; answers what it was told of its platform. */
async function started(address?: string, given?: Readonly<Record<string, string>>) {
  let payment: SandboxSettings | undefined;
  const { stop } = await withSandbox(settings(given), async (told) => {
    payment = told;
    return { ...(address && { address }), demo: [], metrics: undefined, readiness: new Readiness(), stop: async () => undefined };
  });
  if (!payment) throw new Error('the centre was not started');
  return { stop, payment, origin: payment.PAYMENT_PLATFORM_URL };
}

async function pay(payment: SandboxSettings): Promise<void> {
  const [begunAt, endsAt] = [0, 900_000].map((ahead) => new Date(Date.now() + ahead).toISOString());
  const order = { order: '2026112200000101', fen: 100, title: '费', begunAt: String(begunAt), endsAt: String(endsAt) };
  const address = configuredPaymentPlatform(payment, new SystemClock()).create(order, RETURN);
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ do: 'alipay' }), redirect: 'manual' });
  expect(answer.headers.get('location')).toBe(RETURN);
}

describe('A demo with its sandbox platform', () => {
  it('A demo with its sandbox platform gets the sandbox’s address, gives it its own for notifications, and stops it', async () => {
    const centre = await Listener.open();
    const { stop, payment, origin } = await started(`${centre.address}/`);
    expect(readSettings({ ...payment })).toMatchObject(payment);
    await pay(payment);
    await until('a notification', () => centre.heard.length === 1);
    await stop();
    await expect(fetch(`${origin}/pay`)).rejects.toThrow();
    await centre.close();
  });

  it('A demo with its sandbox platform uses the sandbox’s port again, and another when it is taken', async () => {
    const first = await started();
    await first.stop();
    const again = await started();
    expect(again.payment).toEqual(first.payment);
    await again.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(new URL(first.origin).port), '127.0.0.1', resolve));
    const moved = await started();
    expect(moved.origin).not.toBe(first.origin);
    await moved.stop();
    await expect(started(undefined, { SANDBOX_PORT: new URL(first.origin).port })).rejects.toThrow(/EADDRINUSE/);
    await new Promise((resolve) => other.close(resolve));
  });

  it('A demo with its sandbox platform uses the address that is set', async () => {
    const { stop, origin } = await started(undefined, { SANDBOX_URL: 'https://sandbox.example' });
    expect(origin).toBe('https://sandbox.example');
    await stop();
  });

  it('A demo with its sandbox platform leaves nothing running when the centre does not start', async () => {
    let origin = '';
    const failed = withSandbox(settings(), (told) => {
      origin = told.PAYMENT_PLATFORM_URL;
      return Promise.reject(new Error('it does not start'));
    });
    await expect(failed).rejects.toThrow('it does not start');
    await expect(fetch(`${origin}/pay`)).rejects.toThrow();
  });
});
