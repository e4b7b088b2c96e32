import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDailyFile } from '../../src/payments/daily-file.js';
import { dailyText, writeDaily } from './daily.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daily-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const ENDS = '2026-11-23T00:00:00.000+08:00';
const first = { order: '2026112200000101', transaction: 'T20261122000000001', fen: 9_000, at: '2026-11-22T09:59:58.000+08:00' };
const second = { order: '2026112200000101', transaction: 'T20261122000000002', fen: 9_000, at: '2026-11-22T10:00:41.000+08:00' };
const back = { kind: 'refund', order: second.order, transaction: second.transaction, fen: 9_000, at: '2026-11-22T10:06:00.000+08:00' } as const;
const good = dailyText(ENDS, [first, second, back]);

const read = (text: string) => readDailyFile(writeDaily(folder, text));
const whyNot = async (text: string) => {
  const outcome: unknown = await read(text).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ name: 'BadDailyFile' });
  return (outcome as Error).message;
};

describe("the platform's daily file", () => {
  it('is read with its day, its sum and its movements, their times in UTC', async () =>
    expect(await read(good)).toEqual({
      day: '2026-11-22',
      endsAt: '2026-11-22T16:00:00.000Z',
      fen: 9_000,
      movements: [
        { kind: 'payment', order: first.order, transaction: first.transaction, fen: 9_000, channel: 'alipay', at: '2026-11-22T01:59:58.000Z' },
        { kind: 'payment', order: second.order, transaction: second.transaction, fen: 9_000, channel: 'alipay', at: '2026-11-22T02:00:41.000Z' },
        { kind: 'refund', order: back.order, transaction: back.transaction, fen: 9_000, channel: 'alipay', at: '2026-11-22T02:06:00.000Z' },
      ],
    }));

  it('is the same with CRLF, a byte-order mark and quotes, and of a day without movements', async () => {
    const quoted = good.replaceAll('alipay', '"alipay"').replaceAll('\n', '\r\n');
    expect(await read(`\uFEFF${quoted}`)).toEqual(await read(good));
    expect(await read(dailyText(ENDS, []))).toMatchObject({ day: '2026-11-22', fen: 0, movements: [] });
  });

  it('has the first and the last millisecond of its day in Beijing, and none beyond', async () => {
    const at = (instant: string) => dailyText(ENDS, [{ ...first, at: instant }]);
    expect((await read(at('2026-11-22T00:00:00.000+08:00'))).movements).toHaveLength(1);
    expect((await read(at('2026-11-22T15:59:59.999Z'))).movements).toHaveLength(1);
    for (const beyond of ['2026-11-21T23:59:59.999+08:00', '2026-11-23T00:00:00.000+08:00'])
      expect(await whyNot(at(beyond))).toContain('第 2 行，happened_at 列');
  });

  it.each([
    ['is empty', '', '文件是空的'],
    ['has another header', good.replace('happened_at', 'paid_at'), '第 1 行，happened_at 列：标题行缺少这一列'],
    ['was cut off after a row', good.split('\n').slice(0, 3).join('\n'), '第 3 行，kind 列：最后没有结束行'],
    ['lacks a row in the middle', good.replace(/^.*T20261122000000001.*\n/m, ''), '第 4 行，fen 列：各行之和是 0 分，结束行写的是 9000 分：文件不完整'],
    ['goes on after its end', `${good}${good.split('\n')[1]}\n`, '第 6 行，kind 列：结束行（end）之后还有内容'],
    ['ends in the middle of a day', good.replace(ENDS, '2026-11-22T12:00:00.000+08:00'), '第 5 行，happened_at 列：结束行应为'],
    ['lists a payment twice', dailyText(ENDS, [first, first]), '第 3 行，transaction 列，“T202***”：这个交易号在文件中出现了两次'],
    ['has an order of another shape', good.replace(first.order, '12'), '第 2 行，order 列，“12”：应为 16 位数字'],
    ['has a transaction that is none', good.replace(first.transaction, 'T-1'), '第 2 行，transaction 列，“T-1”：应为 8 到 64 位字母或数字'],
    ['lacks a channel', good.replace('alipay', ''), '第 2 行，channel 列：应填写'],
    ['has an unknown channel', good.replace('alipay', 'cash'), '第 2 行，channel 列，“cash”：应为 alipay、'],
    ['has an unknown kind', good.replace('refund', 'chargeback'), '第 4 行，kind 列，“chargeback”：应为 payment、refund、end 之一'],
    ['takes nothing', good.replace('9000', '0'), '第 2 行，fen 列，“0”：应为 1 到'],
    ['has yuan for fen', good.replace('9000', '90.00'), '第 2 行，fen 列，“90.00”：应为金额（分），整数'],
    ['has a time without an offset', good.replace('58.000+08:00', '58.000'), '第 2 行，happened_at 列，“2026-11-22T09:59:58.000”：应为带时区的时间'],
    ['has a quote that is never closed', good.replace('alipay', '"alipay'), '第 2 行：引号没有闭合'],
    ['has a field too many', good.replace('alipay', 'alipay,'), '第 2 行：这一行有 7 个字段，应有 6 个'],
    ['is not in UTF-8', good.replace('alipay', '\uFFFD'), '第 2 行，channel 列，“\uFFFD”：不是正确的 UTF-8 文字'],
  ])('is refused with the line and the column when it %s', async (_, text, reason) => expect(await whyNot(text)).toContain(reason));

  it('tells the first faults of many, and how many more there are', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ ...first, transaction: `T2026112200000${1_000 + at}`, fen: -1 }));
    const message = await whyNot(dailyText(ENDS, rows));
    expect(message.match(/fen 列/g)).toHaveLength(20);
    expect(message).toContain('另有 10 处错误');
  });

  it('is read as it was written, or refused in plain words, whatever was done to its text', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(good.length), fc.nat(12), fc.string({ maxLength: 4 }), async (at, without, instead) => {
        const text = good.slice(0, at) + instead + good.slice(at + without);
        const outcome: unknown = await read(text).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'BadDailyFile', message: expect.stringMatching(/\p{Script=Han}/u) });
        else expect(outcome).toMatchObject({ day: '2026-11-22', fen: 9_000 });
      }),
      { numRuns: 300 },
    ));
});
