import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import { type Answer, cookiesOf, TestCentre } from '../../centre.js';

const PERSON = { name: '李四', id_no: '119900198805050014', id_type: '外国人永久居留证' };
const [FIRST, SECOND, CLOSED, UNCONFIRMED, NAMESAKE, STRANGER] = Array.from({ length: 6 }, (_, at) => `11991234560${at + 1}`) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

let centre: TestCentre;
const ids = new Map<string, string>();
beforeAll(async () => {
  centre = await TestCentre.open();
  const rows: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    [FIRST]: PERSON,
    [SECOND]: PERSON,
    [CLOSED]: { ...PERSON, account_state: 'closed' },
    [UNCONFIRMED]: { ...PERSON, confirmed: 'N' },
    [NAMESAKE]: { ...PERSON, name: '李斯' },
    [STRANGER]: { name: '李四', id_no: '119900199203040029', id_type: '外国人永久居留证' },
  };
  for (const [admissionNo, row] of Object.entries(rows)) ids.set(admissionNo, await centre.candidate(admissionNo, row));
});
afterAll(() => centre.close());

const switchTo = (cookie: string, admissionNo: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  centre.ask('/center/account/number', { cookie, form: { number: ids.get(admissionNo) ?? admissionNo }, headers });
const signedIns = async (admissionNo: string) =>
  (await centre.get(EventStore).subject(ids.get(admissionNo) ?? '')).filter(({ type }) => type === 'SignedIn').length;

it('The account page shows the person’s other numbers, and only those that may be entered', async () => {
  const page = await centre.ask('/center/account', { cookie: await centre.signIn(FIRST) });
  const offered = page.$('button[name=number]').toArray();
  expect(offered.map((button) => page.$(button).attr('value'))).toEqual([ids.get(SECOND)]);
  expect(page.text).toContain(`切换到 ${SECOND}`);
  const alone = await centre.ask('/center/account', { cookie: await centre.signIn(STRANGER) });
  expect(alone.text).not.toContain('其他准考证号');
});

it('Switching to another number needs no new sign-in, is recorded, and ends the previous session', async () => {
  const cookie = await centre.signIn(FIRST);
  const before = await signedIns(SECOND);
  const answer = await switchTo(cookie, SECOND);
  expect([answer.status, answer.headers.location, answer.headers['cache-control']]).toEqual([303, '/center', 'no-store']);
  const page = await centre.ask('/center/account', { cookie: cookiesOf(answer) });
  expect(page.text).toContain(`准考证号 ${SECOND}`);
  expect(page.text).toContain(`切换到 ${FIRST}`);
  expect(await signedIns(SECOND)).toBe(before + 1);
  expect((await centre.ask('/center/account', { cookie })).status).toBe(303);
});

it.each([
  ['a stranger of the same name', STRANGER],
  ['another name under the same number', NAMESAKE],
  ['a closed account', CLOSED],
  ['an unconfirmed one', UNCONFIRMED],
  ['the number that one is at', FIRST],
  ['a number that nobody has', '0192f0c8-0000-7000-8000-000000000000'],
  ['nothing', ''],
])('Nobody switches to %s', async (_, admissionNo) => {
  const cookie = await centre.signIn(FIRST);
  const answer = await switchTo(cookie, admissionNo);
  expect(answer.status).toBe(404);
  expect((await centre.ask('/center/account', { cookie })).text).toContain(`准考证号 ${FIRST}`);
});

it('Nobody switches by a form of another site, by a link, or without a session', async () => {
  const cookie = await centre.signIn(FIRST);
  expect((await switchTo(cookie, SECOND, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).status).toBe(403);
  const link = await centre.ask('/center/account/number', { cookie });
  expect([link.status, link.headers.location]).toEqual([303, '/center/account']);
  expect((await switchTo('', SECOND)).headers.location).toBe('/login');
});

it('Switching to and fro makes no session longer than its maximum duration', async () => {
  const began = centre.clock.time;
  let cookie = await centre.signIn(FIRST);
  try {
    for (let hour = 1; hour < 12; hour++) {
      centre.clock.time = new Date(began.getTime() + hour * 3_600_000);
      const answer = await switchTo(cookie, hour % 2 === 1 ? SECOND : FIRST);
      expect(answer.status).toBe(303);
      cookie = cookiesOf(answer);
    }
    centre.clock.time = new Date(began.getTime() + 12 * 3_600_000);
    expect((await centre.ask('/center/account', { cookie })).status).toBe(303);
  } finally {
    centre.clock.time = began;
  }
});

it.each([
  ['the dot of a name is written otherwise, or not at all', '阿依古丽·买买提', '阿依古丽买买提'],
  ['a rare character has its private code of GBK in one of them', '王䶮', '王\ue863'],
])('Numbers belong to one person, whose name is shown in modern characters, where %s', async (_, one, other) => {
  const id_no = `1199001988050500${14 + one.length}`;
  const person = { id_no, id_type: '外国人永久居留证' };
  const [first, second] = [`1199555500${one.length}1`, `1199555500${one.length}2`];
  await centre.candidate(first, { ...person, name: one });
  await centre.candidate(second, { ...person, name: other });
  const cookie = await centre.signIn(second);
  expect((await centre.ask('/center/account', { cookie })).text).toContain(`切换到 ${first}`);
  const profile = await centre.ask('/center/profile', { cookie });
  expect(profile.text).toContain(other.replace('\ue863', '䶮'));
});
