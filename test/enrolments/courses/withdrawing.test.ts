import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { enrolment, withdrawCourse } from '../../../src/enrolments/enrolment.decider.js';
import type { EnrolmentEvent } from '../../../src/enrolments/enrolments.events.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { TestCentre } from '../../centre.js';
import { readAll } from '../../event-store/test-events.js';
import { given } from '../../given.js';
import { announce, bill, enrolled, NOW } from '../../web/announced.js';

describe('WithdrawCourse', () => {
  const of = { candidateId: 'c1', period: '2704' };
  const chosen: EnrolmentEvent = { type: 'CourseEnrolled', data: { ...of, course: '00015' } };
  const withdrawn: EnrolmentEvent = { type: 'CourseWithdrawn', data: { ...of, course: '00015' } };
  const facts = { window: 'open', bills: [] } as const;
  type Facts = Parameters<typeof withdrawCourse>[2];
  const withdrawing = (before: readonly EnrolmentEvent[], changes: Partial<Facts> = {}) =>
    given(enrolment, before).when((state) => withdrawCourse(state, { ...of, course: '00015' }, { ...facts, ...changes }));

  it('WithdrawCourse records that the course is withdrawn', () => withdrawing([chosen]).then([withdrawn]));
  it('WithdrawCourse records a withdrawal once', () => withdrawing([chosen, withdrawn], { window: 'closed' }).then([]));
  it('WithdrawCourse is refused for a course without an enrolment', () => withdrawing([]).refuses('enrolment.not_enrolled', { course: '00015' }));
  it('WithdrawCourse is refused outside the window', () => {
    withdrawing([chosen], { window: 'not_open' }).refuses('enrolment.not_open', { period: '2704' });
    withdrawing([chosen], { window: 'closed' }).refuses('enrolment.closed', { period: '2704' });
  });
  it('WithdrawCourse is refused while any bill of the period is due, wherever it was issued', () => {
    const confirmed: EnrolmentEvent = {
      type: 'EnrolmentConfirmed',
      data: { ...of, bill: '1', lines: [{ code: '00015', fen: 1 }], fen: 1, createdAt: NOW, dueBy: NOW },
    };
    withdrawing([chosen, confirmed]).refuses('enrolment.bill_due', { bill: '1' });
    withdrawing([chosen], { bills: [{ bill: '2', courses: ['00019'], due: true }] }).refuses('enrolment.bill_due', { bill: '2' });
  });
  it('WithdrawCourse is refused for a paid course, and not for an unpaid one beside it', () => {
    const paid: EnrolmentEvent = { type: 'EnrolmentPaid', data: { ...of, bill: '1', courses: ['00015'] } };
    withdrawing([chosen, paid]).refuses('enrolment.paid', { course: '00015' });
    withdrawing([chosen], { bills: [{ bill: '2', courses: ['00015'], due: false }] }).refuses('enrolment.paid', { course: '00015' });
    withdrawing([chosen], { bills: [{ bill: '2', courses: ['00019'], due: false }] }).then([withdrawn]);
  });
});

describe('The page 取消报考', () => {
  const ADDRESS = '/center/courses/2704/03708/withdraw';
  let centre: TestCentre;
  let cookie: string;
  beforeAll(async () => {
    centre = await TestCentre.open(NOW);
    await announce(centre);
    await centre.candidate('119900000001');
    await enrolled(centre, '119900000001', '2704', '03708', '00015');
    await enrolled(centre, '119900000001', '2610', '00227');
    cookie = await centre.signIn('119900000001');
  });
  afterAll(() => centre.close());

  const links = async () => {
    const { $ } = await centre.ask('/center/courses', { cookie });
    return $('.rows a')
      .map((_, link) => $(link).attr('href'))
      .get();
  };
  const withdrawals = async () => (await readAll(centre.get(EventStore), { types: ['CourseWithdrawn'] })).length;

  it('The page 取消报考 is linked from courses whose window is open, and asks before it withdraws', async () => {
    expect((await links()).toSorted()).toEqual(['/center/courses/2704/00015/withdraw', ADDRESS]);
    const { $, text } = await centre.ask(ADDRESS, { cookie });
    expect(text).toContain('取消以后，您没有报考这门课程');
    expect(text).toContain('要重新报考，目前在电脑上打开 zikao.bjeea.cn 办理。报考12月11日 17:00 截止，还有 19 天。');
    expect($('form[action$="withdraw"] button').text()).toBe('取消报考');
    expect(await withdrawals()).toBe(0);
  });

  it('The page 取消报考 withdraws once, redirects to the courses, and confirms it there', async () => {
    for (const count of [1, 2]) {
      const answer = await centre.ask(ADDRESS, { cookie, form: {} });
      expect([count, answer.status, answer.headers.location]).toEqual([count, 303, '/center/courses?withdrawn=03708']);
    }
    expect(await withdrawals()).toBe(1);
    const { text } = await centre.ask('/center/courses?withdrawn=03708', { cookie });
    expect(text).toContain('已取消报考中国近现代史纲要。');
    expect(await links()).toEqual(['/center/courses/2704/00015/withdraw']);
    expect((await centre.ask(ADDRESS, { cookie })).status).toBe(404);
  });

  it('The page 取消报考 does not confirm a withdrawal from a course that is enrolled in, or never was', async () => {
    for (const course of ['00015', '00230', '__proto__', 'x']) {
      const { text } = await centre.ask(`/center/courses?withdrawn=${course}`, { cookie });
      expect([course, text.includes('已取消报考')]).toEqual([course, false]);
    }
  });

  it('The page 取消报考 shows why withdrawing is not possible, for the same reason as the decision', async () => {
    const closed = await centre.ask('/center/courses/2610/00227/withdraw', { cookie });
    expect(closed.text).toContain('现在不在报考时间内，不能取消。');
    expect(closed.$('form[action$="withdraw"]').length).toBe(0);
    expect((await centre.ask('/center/courses/2610/00227/withdraw', { cookie, form: {} })).text).toContain('报考已经截止。');

    const due = await bill(centre, '119900000001', '2704', ['00015'], { state: 'due', due_by: '2026-12-12T17:00:00+08:00' });
    expect(await links()).toEqual([]);
    const held = await centre.ask('/center/courses/2704/00015/withdraw', { cookie });
    expect(held.text).toContain('要取消这门课程，请先取消那张账单。');
    expect(held.$('.ways a').attr('href')).toBe(`/center/bills/${due}`);
    const refused = await centre.ask('/center/courses/2704/00015/withdraw', { cookie, form: {} });
    expect([refused.status, refused.text.includes('还有一张账单没有缴费。请先缴费，或取消这张账单。')]).toEqual([422, true]);
  });

  it('The page 取消报考 answers 404 for courses of others, and for unknown courses and periods', async () => {
    for (const [period, course] of [
      ['2704', '03709'],
      ['2999', '03708'],
      ['__proto__', 'constructor'],
    ])
      expect([course, (await centre.ask(`/center/courses/${period}/${course}/withdraw`, { cookie })).status]).toEqual([course, 404]);
  });
});
