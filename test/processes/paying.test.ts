import { expect, it } from '@jest/globals';
import { CancelBill } from '../../src/payments/bills/cancel-bill.command.js';
import { until } from '../until.js';
import { ask } from './centre-process.js';
import { PayingCentre } from './paying-centre.js';

it('A web process that is killed at any step between the click and the recorded payment loses nothing and doubles nothing', async () => {
  const centre = await PayingCentre.open();
  await centre.acting();
  const candidate = await centre.confirmed();
  await centre.recorded(candidate.bill, 'BillIssued');

  const first = await centre.web('before commit of PaymentBegun');
  const cookie = await centre.signedIn(candidate, first.address);
  await expect(centre.press(candidate, first.address, cookie)).rejects.toThrow();
  await centre.killed(first.process);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued']);

  const second = await centre.web('after commit of PaymentBegun');
  await expect(centre.press(candidate, second.address, cookie)).rejects.toThrow();
  await centre.killed(second.process);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued', 'PaymentBegun']);

  const third = await centre.web('before commit of BillPaid');
  const order = await centre.press(candidate, third.address, cookie);
  expect(new URL(order).searchParams.get('order')).toBe(`${candidate.bill}01`);
  await centre.pay(order);
  await centre.killed(third.process);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued', 'PaymentBegun']);

  const fourth = await centre.web('after commit of BillPaid'); // told again, and again not answered
  await centre.killed(fourth.process);
  expect(centre.atPlatform(candidate)).toEqual({ payments: 1, refunds: 0, untold: 1 });

  const last = await centre.web();
  await until('the platform to hear that it is recorded', () => centre.atPlatform(candidate).untold === 0);
  await until('the courses to be paid', async () => (await centre.enrolmentOf(candidate)).includes('EnrolmentPaid'));
  expect((await ask(last.address, `/center/bills/${candidate.bill}`, { cookie })).body).toContain('完成交易');
  expect((await last.process.kill('SIGTERM')).code).toBe(0);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  expect(await centre.enrolmentOf(candidate)).toEqual(['CourseEnrolled', 'EnrolmentConfirmed', 'EnrolmentPaid']);
  expect(centre.atPlatform(candidate)).toEqual({ payments: 1, refunds: 0, untold: 0 });
});

it('Reactors that are killed between an event and what follows from it issue one bill and settle it once', async () => {
  const centre = await PayingCentre.open();
  const { address } = await centre.web();
  const first = await centre.acting('before commit of BillIssued');
  const candidate = await centre.confirmed();
  await centre.killed(first);
  expect(await centre.billOf(candidate)).toEqual([]);

  await centre.killed(await centre.acting('after commit of BillIssued'));
  expect(await centre.billOf(candidate)).toEqual(['BillIssued']);

  const third = await centre.acting('before commit of EnrolmentPaid');
  const cookie = await centre.signedIn(candidate, address);
  await centre.pay(await centre.press(candidate, address, cookie));
  await centre.killed(third);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  expect(await centre.enrolmentOf(candidate)).toEqual(['CourseEnrolled', 'EnrolmentConfirmed']);

  await centre.killed(await centre.acting('after commit of EnrolmentPaid'));
  expect(await centre.enrolmentOf(candidate)).toEqual(['CourseEnrolled', 'EnrolmentConfirmed', 'EnrolmentPaid']);

  // whoever comes next has gone through all of it when it has done what came later
  const last = await centre.acting();
  const later = await centre.confirmed();
  await centre.recorded(later.bill, 'BillIssued');
  await centre.asPerson(later.candidateId, new CancelBill(centre.given(), later.bill, later.candidateId));
  await until('the courses to be free', async () => (await centre.enrolmentOf(later)).includes('EnrolmentFreed'));
  expect((await last.kill('SIGTERM')).code).toBe(0);
  expect(await centre.billOf(candidate)).toEqual(['BillIssued', 'PaymentBegun', 'BillPaid']);
  expect(await centre.enrolmentOf(candidate)).toEqual(['CourseEnrolled', 'EnrolmentConfirmed', 'EnrolmentPaid']);
  expect(centre.atPlatform(candidate)).toEqual({ payments: 1, refunds: 0, untold: 0 });
});

it('A timer that is killed between asking the platform and recording takes every payment once, and one refund is made', async () => {
  const centre = await PayingCentre.open();
  const first = await centre.acting('after call of /orders/query');
  const candidate = await centre.confirmed();
  await centre.paidUntold(candidate, 'twice');
  const begun = ['BillIssued', 'PaymentBegun'];
  await centre.killed(first);
  expect(await centre.billOf(candidate)).toEqual(begun);
  await centre.killed(await centre.acting('before commit of BillPaid'));
  expect(await centre.billOf(candidate)).toEqual(begun);
  await centre.killed(await centre.acting('after commit of BillPaid'));
  expect(await centre.billOf(candidate)).toEqual([...begun, 'BillPaid', 'RefundDue']);

  await centre.killed(await centre.acting('after call of /refunds'));
  expect(await centre.billOf(candidate)).toEqual([...begun, 'BillPaid', 'RefundDue']);
  expect(centre.atPlatform(candidate)).toMatchObject({ payments: 2, refunds: 1 });
  await centre.killed(await centre.acting('before commit of RefundRequested'));
  expect(await centre.billOf(candidate)).toEqual([...begun, 'BillPaid', 'RefundDue']);
  centre.passAtPlatform(); // the money is back by now
  await centre.killed(await centre.acting('after commit of RefundDone'));

  const last = await centre.acting();
  const later = await centre.confirmed();
  await centre.paidUntold(later, 'once');
  await centre.recorded(later.bill, 'BillPaid');
  await until('the courses to be paid', async () => (await centre.enrolmentOf(candidate)).includes('EnrolmentPaid'));
  expect((await last.kill('SIGTERM')).code).toBe(0);
  expect(await centre.billOf(candidate)).toEqual([...begun, 'BillPaid', 'RefundDue', 'RefundRequested', 'RefundDone']);
  expect(await centre.enrolmentOf(candidate)).toEqual(['CourseEnrolled', 'EnrolmentConfirmed', 'EnrolmentPaid']);
  expect(centre.atPlatform(candidate)).toMatchObject({ payments: 2, refunds: 1 });
});
