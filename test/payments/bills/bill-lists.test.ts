import { describe, expect, it } from '@jest/globals';
import { shown } from '../../web/shown.js';
import { ACCOUNT, PayingCentre } from '../paying/paying-centre.js';

const at = PayingCentre.forTests();

describe('A deadline at midnight', () => {
  it('A deadline at midnight is shown as 24:00 of the day before on every page that shows it', async () => {
    await at.newBill({ bill_no: at.bill, due_by: '2026-11-24T00:00:00+08:00' });
    for (const address of ['/center', '/center/bills', `/center/bills/${at.bill}`, '/center/payments', '/center/courses']) {
      const { text } = await at.page(address);
      expect(text).toContain('明天 24:00 截止（11月23日）');
      expect(text).not.toMatch(/11月24日|(?<!\d)00:00/);
    }
  });
});

describe('The list of bills', () => {
  it('The list of bills shows what can be paid first, also when it is older and of an earlier period', async () => {
    const earlier = await at.newBill({ period: '2604', created_at: '2026-01-05T10:00:00+08:00' });
    const paid = await at.newBill({ state: 'paid', created_at: at.later(-5), paid_at: at.later(-1) });
    const { $ } = await at.page('/center/bills');
    const listed = $('main > .card > .bill a')
      .toArray()
      .map((link) => String($(link).attr('href')).split('/').at(-1));
    expect(listed[0]).toBe(at.bill);
    expect(listed.indexOf(paid)).toBeGreaterThan(listed.indexOf(earlier));
    expect($(`details a[href$="${earlier}"]`).length).toBe(0);
  });

  it('The list of bills shows a kind with something to pay before the kinds without', async () => {
    await at.centre.rows('majors', { code: '01B0019', name: '工程管理', level: '专升本', university: '北京示范大学', state: 'open' });
    await at.newBill({ bill_no: at.bill, state: 'cancelled' });
    const { $ } = await at.page('/center/payments');
    for (const form of $('main form[action^="/center/payments/"]').toArray()) {
      const [bill_no = ''] = String($(form).attr('action')).split('/').slice(-1);
      await at.newBill({ bill_no, state: 'cancelled' });
    }
    await at.newBill({ kind: 'degree', period: '2026B', items: '01B0019:3000' });
    expect(shown((await at.page('/center/bills')).$, 'main > .card > h2')).toEqual(['学位申报缴费', '笔试课程报考缴费']);
  });

  it('The list of bills names each amount, and says how far a refund is', async () => {
    const cancelled = await at.newBill({ state: 'cancelled' });
    const expired = await at.newBill({ state: 'expired', due_by: '2026-11-22T00:00:00+08:00' });
    await at.atPlatform(await at.leave(), 'twice');
    await at.recorded('RefundDue');
    const unpaid = await at.newBill();
    const { $ } = await at.page('/center/bills');
    const rows = (no: string) => shown($, `.bill:has(a[href$="${no}"]) li`);
    expect(rows(unpaid)[0]).toMatch(/^应缴金额 ¥ 30.00 /);
    expect(rows(cancelled)[0]).toMatch(/^未支付 ¥ 30.00 /);
    expect(rows(expired)[0]).toMatch(/^未支付 ¥ 30.00 /);
    expect(rows(expired).join()).toContain('过期时间 2026年11月21日 24:00');
    expect(rows(at.bill)[0]).toMatch(/^支付金额 ¥ 30.00 /);
    expect(rows(at.bill).at(-1)).toBe('退款 ¥ 30.00 这张账单已经支付过，这一笔是重复支付 退款处理中');
  });
});

describe('The page for cancelling a bill', () => {
  const ASKED = '3 门课程';

  it('The page for cancelling a bill says which courses it is for, and until when and where they can be confirmed again, as the bill and the home page do afterwards', async () => {
    await at.centre.rows('courses', { code: '00261', name: '行政法学', credits: '5' }, { code: '00262', name: '法律文书写作', credits: '3' });
    await at.centre.rows('periods', {
      period: '2704',
      name: '2027年4月',
      enrolment_opens: '2026-11-01T00:00:00+08:00',
      enrolment_closes: '2026-12-05T00:00:00+08:00',
    });
    const chosen = ['00261', '00262', '00263'];
    for (const course of chosen) await at.centre.rows('enrolments', { admission_no: ACCOUNT, period: '2704', course, state: 'enrolled' });
    const bill = await at.newBill({ amount_fen: '9000', items: chosen.map((course) => `${course}:3000`).join(' ') });
    const { text } = await at.page(`/center/bills/${bill}/cancel`);
    expect(text).toContain(`${ASKED}（行政法学、法律文书写作、00263）不再有效`);
    expect(text).toMatch(/要重新确认报考，目前在电脑上打开 zikao\.bjeea\.cn 办理。12月4日 24:00 截止，还有 \d+ 天。/);
    await at.centre.ask(`/center/bills/${bill}/cancel`, { cookie: at.cookie, form: {} });
    const after = await at.page(`/center/bills/${bill}`);
    for (const fact of ['已取消', '行政法学、法律文书写作、00263', '请重新确认报考', '12月4日 24:00 截止', 'https://zikao.bjeea.cn'])
      expect(after.text).toContain(fact);
    const card = async () => shown((await at.page('/center')).$, 'main .card').find((each) => each.startsWith(`${ASKED}没有缴费`));
    expect(await card()).toMatch(
      /^3 门课程没有缴费，账单已取消 行政法学、法律文书写作、00263 还需要的，请重新确认报考。12月4日 24:00 截止，还有 \d+ 天。 目前在电脑上办理。/,
    );
    await at.newBill({ amount_fen: '6000', items: '00261:3000 00262:3000' });
    expect(shown((await at.page('/center')).$, 'main .card h2')).toContain('1 门课程没有缴费，账单已取消');
    await at.newBill({ amount_fen: '3000', items: '00263:3000' });
    expect(await card()).toBeUndefined();
    expect(shown((await at.page('/center')).$, 'main .card h2').filter((each) => each.includes('没有缴费，账单已取消'))).toEqual([]);
  });

  it('The page for cancelling a bill says after the end of enrolment that no other bill can follow, and the home page then asks for nothing', async () => {
    await at.centre.rows('periods', {
      period: '2610',
      name: '2026年10月',
      enrolment_opens: '2026-08-01T00:00:00+08:00',
      enrolment_closes: '2026-09-01T00:00:00+08:00',
    });
    const bill = await at.newBill({ period: '2610' });
    expect((await at.page(`/center/bills/${bill}/cancel`)).text).toContain('8月31日 24:00 已截止，取消以后不能再重新确认报考。');
    await at.centre.ask(`/center/bills/${bill}/cancel`, { cookie: at.cookie, form: {} });
    expect((await at.page(`/center/bills/${bill}`)).text).toContain('8月31日 24:00 已截止，不能再重新确认报考。');
    expect(shown((await at.page('/center')).$, 'main .card h2').filter((each) => each.includes('账单已取消'))).toEqual([]);
  });

  it('The page for cancelling a bill names the end of payment where that comes before the end of enrolment, since no bill is issued after it', async () => {
    const period = { period: '2604', name: '2026年4月', enrolment_opens: '2026-01-01T00:00:00+08:00', enrolment_closes: '2026-12-20T00:00:00+08:00' };
    await at.centre.rows('periods', { ...period, payment_closes: '2026-12-10T00:00:00+08:00' });
    const bill = await at.newBill({ period: '2604' });
    const { text } = await at.page(`/center/bills/${bill}/cancel`);
    expect(text).toContain('12月9日 24:00 截止');
    expect(text).not.toContain('12月19日');
    await at.centre.rows('declaration_periods', {
      kind: 'degree',
      code: '2026B',
      name: '2026年下半年',
      opens: '2026-01-01T00:00:00+08:00',
      closes: '2026-12-20T00:00:00+08:00',
      payment_closes: '2026-12-11T00:00:00+08:00',
    });
    const degree = await at.newBill({ kind: 'degree', period: '2026B', items: '01B0019:3000' });
    expect((await at.page(`/center/bills/${degree}/cancel`)).text).toContain('12月10日 24:00 截止');
  });
});
