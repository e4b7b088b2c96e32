import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDailyFile } from '../../../src/payments/reconciliation/daily-file.js';
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

/** Chinese of the bills above in GBK, by the decoder's own table turned round. */
function inGbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const bytes = new Map<string, Buffer>();
  for (let high = 0x81; high < 0xff; high++) {
    for (let low = 0x40; low < 0xff; low++) bytes.set(decoder.decode(Buffer.from([high, low])), Buffer.from([high, low]));
  }
  return Buffer.concat([...text].map((character) => (character.charCodeAt(0) < 0x80 ? Buffer.from(character) : (bytes.get(character) ?? Buffer.from('?')))));
}

describe("The platform's daily file", () => {
  it('The platform’s daily file is read with its day, its sum and its movements, their times in UTC', async () =>
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

  it('The platform’s daily file is read in the same way with CRLF, a byte-order mark and quotes, and when it has no movements', async () => {
    const quoted = good.replaceAll('alipay', '"alipay"').replaceAll('\n', '\r\n');
    expect(await read(`\uFEFF${quoted}`)).toEqual(await read(good));
    expect(await read(dailyText(ENDS, []))).toMatchObject({ day: '2026-11-22', fen: 0, movements: [] });
  });

  it('The platform’s daily file covers its day in Beijing from the first to the last millisecond', async () => {
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
  ])('The platform’s daily file is refused with the line and the column when it %s', async (_, text, reason) => expect(await whyNot(text)).toContain(reason));

  it.each([
    ['with a back-quote before each value', good.replace(/^2026.*$/gm, (row) => row.replaceAll(/[^,]+/g, '`$&'))],
    ['with a tab after each order and transaction', good.replaceAll(/\b(\d{16}|T\d{17}),/g, '$1\t,')],
    ['with empty rows and rows of commas at its end', `${good}\n,,,,,\n,,,,,\n\n`],
    ['with its columns in another order', good.replaceAll(/^([^,]*),([^,]*),/gm, '$2,$1,')],
  ])('The platform’s daily file is read unchanged %s', async (_, text) => {
    expect(text).not.toBe(good);
    expect(await read(text)).toEqual(await read(good));
  });

  it('The platform’s daily file is refused when a second file was appended to it', async () =>
    expect(await whyNot(good.replace(/\n,,end.*\n/, `\n${good}`))).toContain('第 5 行：又是标题行：像是几个文件接在了一起'));

  const orders = (change: (order: string) => string) => good.replaceAll(first.order, change);
  it.each<[what: string, text: string, sign: string]>([
    ['the last digit of its orders lost', orders((order) => `${order.slice(0, -1)}0`), '第 2 行的订单号的最后两位变成了 00'],
    ['its orders in scientific notation', orders(() => '2.02611E+15'), '第 2 行的订单号变成了“2.02611E+15”'],
    ['a zero before its orders lost', orders((order) => order.slice(1)), '第 2 行的订单号只剩 15 位数字'],
    ['its transactions in scientific notation', good.replaceAll(/T\d{17}/g, '2.02611E+16'), '第 2 行的交易号变成了“2.02611E+16”'],
    ['its times as a spreadsheet writes them', good.replaceAll(/2026-11-22T(\d\d:\d\d)[^\n]*/g, '2026/11/22 $1'), '第 2 行的时间变成了“2026/11/22 09:59”'],
    [
      'all orders end in 0 though their attempts are many',
      dailyText(
        ENDS,
        [1, 2, 3].map((bill) => ({ ...first, order: `2026112200000${bill}10`, transaction: `T2026112200000000${bill}` })),
      ),
      '所有订单号的最后一位都变成了 0',
    ],
  ])('The platform’s daily file saved by a spreadsheet, %s, is refused with one sentence that says so', async (_, text, sign) => {
    const message = await whyNot(text);
    expect(message).toBe(`对账文件被电子表格软件（如 Excel）打开后另存过，${sign}，内容已经不对。没有记录任何内容，请使用从支付平台下载的原文件。`);
  });

  it('The platform’s daily file with sixty thousand rows written by a spreadsheet is refused, and none of them becomes a task', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => ({
      ...first,
      order: `202611${String(at).padStart(8, '0')}00`,
      transaction: `T${String(at).padStart(12, '0')}`,
    }));
    expect(await whyNot(dailyText(ENDS, rows))).toContain('另存过');
  });

  const wechat = '交易时间,公众账号ID,商户号,微信订单号,商户订单号,总金额\n`2026-11-22 21:36:30,`wx0,`1000,`T1,`2026112200000101,`30.00\n';
  const alipay = '#支付宝业务明细查询\n#账号：[20881]\n支付宝交易号,商户订单号,业务类型\n';
  it.each<[what: string, text: string | Buffer, says: string]>([
    ['a bill of WeChat Pay', wechat, '这是微信支付的交易账单，不是公共支付平台的对账文件。'],
    ['a bill of WeChat Pay in GBK', inGbk(wechat), '这是微信支付的交易账单（GBK 编码），不是公共支付平台的对账文件。'],
    ['a bill of Alipay, which is in GBK', inGbk(alipay), '这是支付宝的业务明细（GBK 编码），不是公共支付平台的对账文件。'],
    ['a file in UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le'), '文件是 UTF-16 编码，应为 UTF-8。'],
    ['a large file in UTF-16', Buffer.from(`\uFEFF${good.repeat(5_000)}`, 'utf16le'), '文件是 UTF-16 编码，应为 UTF-8。'],
    ['a workbook', Buffer.from('504b0304140006000800', 'hex'), '文件是 Excel 工作簿或压缩文件，不是 CSV。'],
    ['a gzip file', gzipSync(good), '文件是 gzip 压缩文件，不是 CSV。'],
  ])('The platform’s daily file is not %s, which is refused with one sentence that says what it is', async (_, bytes, says) => {
    const path = join(folder, 'other.csv');
    writeFileSync(path, bytes);
    await expect(readDailyFile(path)).rejects.toMatchObject({ name: 'BadDailyFile', message: `${says}没有记录任何内容，请使用从支付平台下载的原文件。` });
  });

  it('The platform’s daily file is refused with its first faults and the number of the others', async () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({ ...first, transaction: `T2026112200000${1_000 + at}`, fen: -1 }));
    const message = await whyNot(dailyText(ENDS, rows));
    expect(message.match(/fen 列/g)).toHaveLength(20);
    expect(message).toContain('另有 10 处错误');
  });

  it('The platform’s daily file is either read as it was written or refused in plain words, whatever was done to its text', () =>
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
