import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ReceiptPrinter } from '../../../src/payments/receipts/receipt-printer.js';
import { TooManyRequests } from '../../../src/web/errors/too-many-requests.js';
import { TestCentre } from '../../centre.js';
import { facts, shown } from '../../web/shown.js';
import { textOfPdf } from './pdf-text.js';

const ACCOUNT = '119912345601';
const OTHER = '119912345602';
const RARE = '119912345603';
const BILL = '20260831523281';
const UNPAID = '20261120000001';
const OF_RARE = '20260831523282';
const PDF = `/center/bills/${BILL}/receipt.pdf`;

let centre: TestCentre;
let cookie: string;
beforeAll(async () => {
  centre = await TestCentre.open('2026-11-22T02:00:00.000Z', { SITE_OWNER: '示范考试院' });
  await centre.rows('courses', { code: '03708', name: '中国近现代史纲要', credits: '2' });
  await centre.rows('periods', { period: '2610', name: '2026年10月', exam_starts: '2026-10-24', exam_ends: '2026-10-25' });
  await centre.candidate(ACCOUNT, { name: '林<晓>禾', id_no: '119900199611020005' });
  await centre.candidate(OTHER, { id_no: '119900199611020013' });
  await centre.candidate(RARE, { name: '林𠮷', id_no: '119900199611020021' });
  const paid = { period: '2610', kind: 'enrolment', state: 'paid', amount_fen: '6050', items: '03708:3000 99999:3050' };
  const times = { created_at: '2026-08-31T08:39:36+08:00', paid_at: '2026-08-31T08:41:55+08:00' };
  await centre.rows(
    'payments',
    { ...paid, ...times, bill_no: BILL, admission_no: ACCOUNT },
    { ...paid, ...times, bill_no: OF_RARE, admission_no: RARE },
    { ...paid, bill_no: UNPAID, admission_no: ACCOUNT, state: 'due', created_at: '2026-11-20T20:12:00+08:00', due_by: '2026-11-23T17:00:00+08:00' },
  );
  const receipt = { receipt_code: '11010126', receipt_no: '0012345678', check_code: 'a1B2c3', issued_at: '2026-11-21T10:00:00+08:00' };
  await centre.rows('receipts', { ...receipt, bill_no: BILL }, { ...receipt, bill_no: OF_RARE, receipt_no: '0012345679' });
  cookie = await centre.signIn(ACCOUNT);
});
afterAll(() => centre.close());

const page = (headers = {}) => centre.ask(`/center/bills/${BILL}/receipt`, { cookie, headers });
/** The file's bytes. */
async function file(url: string, session = cookie) {
  return centre.application.inject({ url, headers: { cookie: session, 'sec-fetch-site': 'same-origin' } });
}

describe('The page of a receipt', () => {
  it('The page of a receipt is linked from the bill, and says who paid what to whom, in figures and in capitals', async () => {
    const bill = await centre.ask(`/center/bills/${BILL}`, { cookie });
    expect(bill.$('a[href$="/receipt"]').attr('href')).toBe(`/center/bills/${BILL}/receipt`);
    const { status, headers, $, body } = await page();
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(facts($)).toEqual({
      票据代码: '11010126',
      票据号码: '0012345678',
      校验码: 'a1B2c3',
      开票时间: '2026年11月21日 10:00:00',
      交款人: '林<晓>禾',
      准考证号: ACCOUNT,
      证件号码: '119***************',
      收款单位: '示范考试院',
      缴费项目: '笔试课程报考缴费（2026年10月）',
      账单号: BILL,
      交易时间: '2026年8月31日 08:41:55',
    });
    expect(shown($, '.rows li')).toEqual(['中国近现代史纲要 03708 30.00', '99999 名称暂缺 30.50']);
    expect($('.sum').text()).toContain('60.50');
    expect($('main').text()).toContain('大写：陆拾元伍角整');
    expect(body).not.toContain('119900199611020005');
  });

  it('The page of a receipt offers a file with the same text, without the citizen number', async () => {
    expect((await page()).$('a[href$=".pdf"]').attr('href')).toBe(PDF);
    const { statusCode, headers, rawPayload } = await file(PDF);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="receipt-11010126-0012345678.pdf"',
      'cache-control': 'no-store',
    });
    const text = textOfPdf(rawPayload);
    for (const word of ['林<晓>禾', '0012345678', '中国近现代史纲要', '陆拾元伍角整', '60.50']) expect(text).toContain(word);
    expect(text).not.toContain('1996');
  });

  it.each([
    ['WeChat', 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 MicroMessenger/8.0.50'],
    ['a mini-program', 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0 miniProgram/wx1'],
    ['a web-view on Android', 'Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Version/4.0 Chrome/130 Mobile Safari/537.36'],
    ['a web-view on iOS', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148'],
  ])('The page of a receipt offers in %s, which cannot save files, the address to open elsewhere', async (_, agent) => {
    const { $ } = await page({ 'user-agent': agent });
    expect($('a[href$=".pdf"]')).toHaveLength(0);
    expect($('.address code').text()).toMatch(new RegExp(`/center/bills/${BILL}/receipt$`));
    expect($('main').text()).toContain('陆拾元伍角整');
  });

  it('The page of a receipt offers no file when the font lacks a character of the name, and can be printed itself', async () => {
    const rare = await centre.signIn(RARE);
    const { $ } = await centre.ask(`/center/bills/${OF_RARE}/receipt`, { cookie: rare });
    expect(facts($).交款人).toBe('林𠮷');
    expect($('a[href$=".pdf"]')).toHaveLength(0);
    expect(await file(`/center/bills/${OF_RARE}/receipt.pdf`, rare)).toMatchObject({
      statusCode: 303,
      headers: { location: `/center/bills/${OF_RARE}/receipt` },
    });
  });

  it('The page of a receipt says when to come back after many receipts of one candidate', async () => {
    const print = jest.spyOn(centre.get(ReceiptPrinter), 'print').mockRejectedValue(new TooManyRequests('receipts', 40 * 60));
    const answer = await centre.ask(PDF, { cookie });
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '2400']);
    expect(answer.text).toContain('请 40 分钟后再试。');
    print.mockRestore();
  });

  it('The page of a receipt is not found for others and for a bill without a receipt', async () => {
    const other = await centre.signIn(OTHER);
    for (const end of ['receipt', 'receipt.pdf']) {
      expect((await file(`/center/bills/${BILL}/${end}`, other)).statusCode).toBe(404);
      expect((await file(`/center/bills/${UNPAID}/${end}`)).statusCode).toBe(404);
      expect((await file(`/center/bills/constructor/${end}`)).statusCode).toBe(404);
      expect((await file(`/center/bills/${BILL}/${end}`, '')).headers.location).toMatch(/^\/login/);
    }
  });
});
