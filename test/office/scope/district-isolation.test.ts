import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStore } from '../../../src/event-store/event-store.js';
import type { Role } from '../../../src/office/officers/officers.events.js';
import type { Right } from '../../../src/office/rights/rights.js';
import { DistrictScope } from '../../../src/office/scope/district-scope.js';
import { IssueBill } from '../../../src/payments/bills/issue-bill.command.js';
import { TestCentre } from '../../centre.js';
import { OfficeBrowser } from '../office-browser.js';

const [THEIRS, OURS] = ['119912345001', '119912345002'];
const BILL = '90000000000001';
const SECRETS = ['赵明远', THEIRS, '110101199001011237', BILL, '00261'];

let centre: TestCentre;
let theirs: string;
let ours: string;
let officer: OfficeBrowser;
let position: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  for (const name of ['东城区', '西城区'])
    await centre.rows('districts', { name, office: `${name}自考办`, place: '一层', address: '北京市', phone: '010-00000000' });
  theirs = await centre.candidate(THEIRS, { district: '东城区', name: '赵明远', id_no: '110101199001011237' });
  ours = await centre.candidate(OURS, { district: '西城区', name: '钱小小' });
  const terms = { candidateId: theirs, bill: BILL, kind: 'enrolment', period: '2610', lines: [{ code: '00261', fen: 6_000 }], fen: 6_000 } as const;
  await centre.record(new IssueBill(centre.given(), { ...terms, createdAt: centre.clock.instant(), dueBy: '2026-12-01T00:00:00.000Z' }));
  position = (await centre.get(EventStore).streams([`bill-${BILL}`]))[0]?.[0]?.position ?? '';
  officer = await OfficeBrowser.signedIn(centre, 'xicheng-1', 'district', ['西城区']);
});
afterAll(() => centre.close());

/** Every route of the office with a place for an id in its address. */
const routes = () =>
  centre.application
    .getHttpAdapter()
    .getInstance()
    .routeTable.all()
    .filter(({ method, url }) => method !== 'HEAD' && /^\/office\/.*:/.test(url));

async function answered(method: string, url: string, id: string) {
  const address = url.replace(/:\w+/g, encodeURIComponent(id));
  const { status, body, headers } = method === 'GET' ? await officer.get(address) : await officer.post(address, { reason: '核对', _: '' });
  return { status, location: headers.location, body: body.replaceAll(id, 'ID') };
}

describe('A candidate of another district', () => {
  it('A candidate of another district is answered on every route as one who does not exist', async () => {
    expect(routes().filter(({ url }) => url.includes('candidates/:id')).length).toBeGreaterThanOrEqual(6);
    for (const { method, url } of routes()) {
      await officer.prove();
      const nobody = await answered(method, url, randomUUID());
      for (const id of [theirs, THEIRS, BILL]) expect([method, url, await answered(method, url, id)]).toEqual([method, url, nobody]);
    }
  });

  it('A candidate of another district shows in no page of one’s own, whatever the address asks for', async () => {
    await officer.signIn();
    const own = `/office/candidates/${ours}`;
    for (const address of [
      `${own}?event=${position}&before=${position}`,
      `${own}/data?event=${position}`,
      `${own}/data?model=bills&key=${theirs}&all=1`,
      `${own}/data?model=candidate%20${theirs}&all=1`,
      `${own}/data?model=payment-dues&key=${BILL}&all=1`,
      `${own}/why?model=bills&key=${theirs}&field=${BILL}`,
      `/office/candidates?district=${encodeURIComponent('东城区')}`,
      '/office/candidates',
      '/office',
    ]) {
      const { body } = await officer.get(address);
      for (const secret of [...SECRETS, theirs])
        expect([address, secret, body.replaceAll(encodeURIComponent(theirs), '').includes(secret)]).toEqual([address, secret, false]);
    }
  });

  it('A candidate of another district leaves no record that somebody looked, since nobody did', async () => {
    const { events } = await centre.get(EventStore).read('', 10_000, { types: ['PersonViewed'] });
    expect(JSON.stringify(events)).not.toContain(theirs);
    expect(JSON.stringify(events)).toContain(ours);
  });
});

describe('An officer of a district with another role', () => {
  const PERSON = ['赵明远', THEIRS, '110101199001011237'];
  const shown = (body: string) => PERSON.filter((each) => body.includes(each));
  const list = `/office/candidates?district=${encodeURIComponent('东城区')}`;
  let operating: OfficeBrowser;
  let paying: OfficeBrowser;
  beforeAll(async () => {
    operating = await OfficeBrowser.signedIn(centre, 'xicheng-2', ['district', 'operator'], ['西城区']);
    paying = await OfficeBrowser.signedIn(centre, 'xicheng-3', ['district', 'finance'], ['西城区']);
  });

  it('An officer of a district who is an operator too finds nobody of another district by what they are called or numbered', async () => {
    const nothing = (await operating.post('/office/search', { q: '没有这个人' })).body;
    for (const q of PERSON) expect([q, (await operating.post('/office/search', { q })).body]).toEqual([q, nothing]);
    for (const q of [theirs, BILL]) expect((await operating.post('/office/search', { q })).headers.location).toContain(`/office/candidates/${theirs}`);
    expect((await operating.post('/office/search', { q: '钱小小' })).headers.location).toBe(`/office/candidates/${ours}`);
  });

  it('An officer of a district who is an operator too sees of another district’s candidate what an operator sees', async () => {
    const file = `/office/candidates/${theirs}`;
    for (const address of [list, file, `${file}/data?all=1`, `${file}/why?model=bills&field=${BILL}`, `${file}/fixture?model=candidate`]) {
      const { status, body } = await operating.get(address);
      expect([address, status < 500, shown(body)]).toEqual([address, true, []]);
    }
    expect((await operating.get(file)).text).toContain('"type": "CandidateRegistered"');
    expect((await operating.get(list)).body).toContain(theirs);
    for (const { status, body } of [await operating.post(`${file}/reveal`, { reason: '核对' }), await operating.get(`${file}/pages`)])
      expect([status, shown(body)]).toEqual([404, []]);
    expect((await operating.get(file)).$(`a[href="${file}/pages"]`).length).toBe(0);
  });

  it('An officer of a district who is an operator too sees of the district’s own candidate what both see', async () => {
    const file = `/office/candidates/${ours}`;
    const { text } = await operating.get(file);
    expect([text.includes('钱小小'), text.includes('"type": "CandidateRegistered"')]).toEqual([true, true]);
    expect([(await operating.get(`${file}/pages`)).status, (await operating.post(`${file}/reveal`, { reason: '核对' })).status]).toEqual([200, 200]);
  });

  it('An officer of a district who is of finance too sees persons of the city, and pages of the district’s own candidates alone', async () => {
    const file = `/office/candidates/${theirs}`;
    expect((await paying.post('/office/search', { q: '赵明远' })).headers.location).toBe(file);
    expect((await paying.get(list)).text).toContain('赵明远');
    expect((await paying.post(`${file}/reveal`, { reason: '核对' })).text.replaceAll(' ', '')).toContain('110101199001011237');
    expect([(await paying.get(`${file}/pages`)).status, (await paying.get(`/office/candidates/${ours}/pages`)).status]).toEqual([404, 200]);
  });
});

describe('The districts of an officer', () => {
  const of = (roles: readonly Role[], districts: readonly string[] = [], right: Right = 'find_candidates') => DistrictScope.of({ roles, districts }, right);

  it('The districts of an officer are those of the roles alone that have the right that is asked for', () => {
    const officer = [['district', 'operator'], ['西城区']] as const;
    expect(
      (['find_candidates', 'see_raw_events', 'see_persons', 'see_pages', 'see_accounts'] as const).map((right) => of(...officer, right).districts),
    ).toEqual([undefined, undefined, ['西城区'], ['西城区'], []]);
  });

  it('The districts of an officer are all for those who work for the city, and none for whoever has no candidates', () => {
    for (const role of ['city', 'approver', 'finance', 'auditor', 'operator'] as const)
      expect([of([role]).includes('东城区'), of([role]).includes(undefined)]).toEqual([true, false]);
    expect([of(['administrator'], ['东城区']).includes('东城区'), of([], ['东城区']).includes('东城区')]).toEqual([false, false]);
  });

  it('The districts of an officer of districts are these alone, unless another role is of the city', () => {
    expect([of(['district'], ['东城区']).includes('东城区'), of(['district'], ['东城区']).includes('西城区'), of(['district']).includes('')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(of(['district', 'city'], ['东城区']).includes('西城区')).toBe(true);
  });
});
