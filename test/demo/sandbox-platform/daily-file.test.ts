import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { AtSandbox } from './at-sandbox.js';

let at: AtSandbox;

beforeEach(async () => {
  at = await AtSandbox.open();
});

afterEach(() => at.close());

const day = async (name: string) => {
  const answer = await fetch(`${at.sandbox.settings.PAYMENT_PLATFORM_URL}/days/${name}`);
  return { status: answer.status, rows: answer.ok ? (parse(await answer.text()) as string[][]) : [] };
};

describe('The daily file', () => {
  it('The daily file has a line for each payment and refund of the day in Beijing, and ends with their sum', async () => {
    await at.press('twice', { order: '2026112200000101' });
    const [first, second] = (await at.platform.query('2026112200000101')).payments;
    at.pass(60);
    const again = { order: '2026112200000101', transaction: second?.transaction ?? '', fen: 9_000 };
    await at.platform.refund(again);
    at.pass(86_400);
    await at.press('unionpay', { order: '2026112200000201' });
    const header = ['order', 'transaction', 'kind', 'fen', 'channel', 'happened_at'];
    const { rows } = await day('2026-11-22.csv');
    expect(rows[0]).toEqual(header);
    expect(new Set(rows.slice(1, 3))).toEqual(
      new Set([first, second].map((each) => ['2026112200000101', each?.transaction, 'payment', '9000', 'alipay', '2026-11-22T10:00:00.000+08:00'])),
    );
    expect(rows.slice(3)).toEqual([
      ['2026112200000101', second?.transaction, 'refund', '9000', 'alipay', '2026-11-22T10:01:03.000+08:00'],
      ['', '', 'end', '9000', '', '2026-11-23T00:00:00.000+08:00'],
    ]);
    expect((await day('2026-11-23.csv')).rows.map(([order]) => order)).toEqual(['order', '2026112200000201', '']);
    expect((await day('2026-11-24.csv')).rows).toEqual([header, ['', '', 'end', '0', '', '2026-11-25T00:00:00.000+08:00']]);
  });

  it('The daily file begins at midnight in Beijing', async () => {
    at.clock.time = new Date('2026-11-22T15:59:59.999Z');
    await at.press('alipay', { order: '2026112200000101' });
    at.pass(0.001);
    await at.press('alipay', { order: '2026112200000201' });
    const orders = async (name: string) => (await day(name)).rows.slice(1, -1).map(([order]) => order);
    expect(await orders('2026-11-22.csv')).toEqual(['2026112200000101']);
    expect(await orders('2026-11-23.csv')).toEqual(['2026112200000201']);
  });

  it.each(['2026-02-30.csv', 'today.csv', '2026-11-22', '2026-11-22.csv.csv'])('The daily file is not there for %s', async (name) => {
    expect((await day(name)).status).toBe(404);
  });
});
