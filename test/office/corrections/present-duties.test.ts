import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { givenAt } from '../../../src/event-store/given.js';
import { CorrectionDesk } from '../../../src/office/corrections/correction-desk.js';
import { assertMaySee } from '../../../src/office/corrections/correction-officers.js';
import { ApproveOfficerChange } from '../../../src/office/officers/approve-officer-change.command.js';
import type { Duties } from '../../../src/office/officers/officers.events.js';
import { newSetupCode } from '../../../src/office/officers/one-time-codes.js';
import { ProposeOfficerChange } from '../../../src/office/officers/propose-officer-change.command.js';
import { TestCentre } from '../../centre.js';
import { announce } from '../../web/announced.js';
import { addOfficer, asHost, OfficeBrowser } from '../office-browser.js';
import { ProposalDesk } from './proposal-desk.js';

const ONE = '119988000001';
const UNCONFIRMED = { registered_period: '2704', confirmed: 'N' };
const sitting = { period: '2610', course: '00015' };

let centre: TestCentre;
let desk: ProposalDesk;
beforeAll(async () => {
  centre = await TestCentre.open();
  await announce(centre);
  await centre.rows('districts', { name: '东城区', office: '东城区自考办', place: '一层', address: '北京市', phone: '010' });
  await centre.candidate(ONE, { name: '林晓禾' });
  await centre.rows('scores', { admission_no: ONE, ...sitting, score: '58' });
  await addOfficer(centre, 'guan-1', ['administrator']);
  await addOfficer(centre, 'guan-2', ['administrator']);
  await addOfficer(centre, 'he', ['approver']);
  await addOfficer(centre, 'cd-2', ['city']);
  desk = new ProposalDesk(centre);
});
afterAll(() => centre.close());

/** Two administrators give an officer other duties. */
async function giveDuties(account: string, duties: Duties): Promise<void> {
  const given = givenAt(centre.clock.instant());
  await asHost(centre, new ProposeOfficerChange(given, 'guan-1', account, duties, '调动'));
  await asHost(centre, new ApproveOfficerChange(givenAt(centre.clock.instant()), 'guan-2', account, given.id, newSetupCode(centre.clock.now())));
}

async function mayPreview(account: string, correction: string): Promise<unknown> {
  const { terms } = await centre.get(CorrectionDesk).proposal(correction);
  return assertMaySee(account, correction, terms, centre.get(EventStore)).then(
    () => 'seen',
    (error: { code: string }) => error.code,
  );
}

/** What an officer's pages answer about a correction: the page, the list, an approval, an undo. */
async function answers(browser: OfficeBrowser, correction: string) {
  const place = `/office/corrections/${correction}`;
  const { status, text } = await browser.get(place);
  const listed = (await browser.get('/office/corrections')).text.includes(correction);
  await browser.prove();
  const approval = await browser.post(`${place}/approval`, { action: 'approve', fingerprint: 'any' });
  const undo = await browser.post(place, { action: 'undo', note: '依据有误' });
  return { statuses: [status, approval.status, undo.status], isListed: listed, text };
}

it('An own proposal of a score is not there any more once the officer has the duties of a district alone', async () => {
  const browser = await OfficeBrowser.signedIn(centre, 'cd-1', 'city');
  const correction = await desk.propose('score', [[ONE, { ...sitting, score: '68' }]], 'cd-1');
  const { fingerprint } = await desk.preview(correction);
  expect((await browser.get(`/office/corrections/${correction}`)).text).toContain('58 → 68');
  expect(await mayPreview('cd-1', correction)).toBe('seen');

  await giveDuties('cd-1', { roles: ['district'], districts: ['东城区'] });
  await browser.signIn();
  const { statuses, isListed, text } = await answers(browser, correction);
  expect([statuses, isListed]).toEqual([[404, 404, 404], false]);
  expect(text).not.toContain('68');
  expect(await mayPreview('cd-1', correction)).toBe('correction.unknown');
  await expect(desk.approve(correction, 'cd-1', { fingerprint })).rejects.toMatchObject({ code: 'correction.unknown' });
  await expect(desk.undo(correction, 'cd-1')).rejects.toMatchObject({ code: 'correction.unknown' });
  expect(await mayPreview('he', correction)).toBe('seen');
});

it('An own proposal of a site confirmation is not there any more once the officer has another district or the candidate has moved', async () => {
  const numbers = ['119988000003', '119988000004'] as const;
  for (const number of numbers) await centre.candidate(number, UNCONFIRMED);
  const browser = await OfficeBrowser.signedIn(centre, 'qu', 'district', ['西城区']);
  const confirmed = { confirmed: 'Y' };
  const correction = await desk.propose(
    'confirmation',
    numbers.map((number) => [number, confirmed] as const),
    'qu',
  );
  const { fingerprint } = await desk.preview(correction);
  const refused = async () => {
    expect((await answers(browser, correction)).statuses).toEqual([404, 404, 404]);
    expect(await mayPreview('qu', correction)).toBe('correction.unknown');
    await expect(desk.approve(correction, 'qu', { fingerprint })).rejects.toMatchObject({ code: 'correction.unknown' });
    await expect(desk.approve(correction, 'qu')).rejects.toMatchObject({ code: 'correction.unknown' });
  };
  await giveDuties('qu', { roles: ['district'], districts: ['东城区'] });
  await browser.signIn();
  await refused();

  await giveDuties('qu', { roles: ['district'], districts: ['西城区'] });
  await browser.signIn();
  expect((await browser.get(`/office/corrections/${correction}`)).status).toBe(200);
  const moved = await desk.propose('person', [[numbers[1], { district: '东城区' }]], 'cd-2');
  await desk.approve(moved);
  await desk.apply(moved);
  await refused();
  for (const number of numbers) expect(await desk.recorded(number, correction)).toEqual([]);
});

it('An approver who could not propose all of it any more does not approve the own proposal, not in an emergency either', async () => {
  await addOfficer(centre, 'fang', ['city', 'approver']);
  const correction = await desk.propose('score', [[ONE, { ...sitting, score: '71' }]], 'fang');
  await giveDuties('fang', { roles: ['approver'], districts: [] });
  await expect(desk.approve(correction, 'fang')).rejects.toMatchObject({ code: 'correction.not_allowed' });
  const { fingerprint } = await desk.preview(correction);
  await expect(desk.approve(correction, 'fang', { fingerprint, emergency: true })).rejects.toMatchObject({ code: 'correction.not_allowed' });
  await desk.approve(correction, 'he');

  await centre.candidate('119988000005', UNCONFIRMED);
  await giveDuties('fang', { roles: ['approver', 'district'], districts: ['西城区'] });
  const confirmation = await desk.propose('confirmation', [['119988000005', { confirmed: 'Y' }]], 'fang');
  await giveDuties('fang', { roles: ['approver', 'district'], districts: ['东城区'] });
  await expect(desk.approve(confirmation, 'fang')).rejects.toMatchObject({ code: 'correction.not_allowed' });
});
