import { describe, expect, it, jest } from '@jest/globals';
import { ReadModels } from '../../../src/read-models/read-models.js';
import type { TestCentre } from '../../centre.js';
import { liSi, SsoCentre, zhangSan } from '../../identity/single-sign-on/sso-centre.js';
import { PayingCentre } from '../../payments/paying/paying-centre.js';

/** What each page that a GET asks for says that it shows. */
function declaredIn(centre: TestCentre): ReadonlyMap<string, readonly string[]> {
  const { routeTable } = centre.application.getHttpAdapter().getInstance();
  const pages = routeTable.all().filter(({ method, beside }) => method === 'GET' && !beside);
  return new Map(pages.map(({ url, readModels: shows }) => [url, shows.toSorted()]));
}

/** The read models that are read in answer to a request; once before, so that what the session's guard reads is remembered. */
async function readBy(centre: TestCentre, request: () => Promise<unknown>): Promise<readonly string[]> {
  await request();
  const readModels = centre.get(ReadModels);
  const spies = [jest.spyOn(readModels, 'get'), jest.spyOn(readModels, 'list'), jest.spyOn(readModels, 'all')];
  await request();
  const names = spies.flatMap(({ mock }) => mock.calls.map(([{ name }]) => name));
  for (const spy of spies) spy.mockRestore();
  return [...new Set(names)].toSorted();
}

/** Pages that are made of what 北京通 has told, which another test asks for. */
const BY_PLATFORM = ['/login/bjt/choice', '/login/reset'];

describe('A page reads exactly the read models that it declares', () => {
  const at = PayingCentre.forTests();

  it('Each page of a candidate reads exactly the read models that it declares', async () => {
    const receipt = { receipt_code: '11010126', receipt_no: '0012345678', check_code: 'a1B2c3', issued_at: '2026-11-21T10:00:00+08:00' };
    const printed = await at.newBill({ state: 'paid', paid_at: '2026-11-20T21:00:00+08:00' });
    await at.centre.rows('receipts', { ...receipt, bill_no: printed });
    await at.atPlatform(await at.leave(), 'wrong notice');
    await at.recorded('PaymentDoubted'); // its page names the office of the candidate's district
    await at.centre.settled();
    const declared = declaredIn(at.centre);
    expect(declared.size).toBeGreaterThan(25);
    for (const [route, shows] of declared) {
      if (BY_PLATFORM.includes(route) || route.startsWith('/office')) continue; // those of the office have a test of their own
      const url = route.replace(':no', route.includes('receipt') ? printed : at.bill).replace(':id', 'none');
      expect([route, await readBy(at.centre, () => at.centre.ask(url, { cookie: at.cookie }))]).toEqual([route, shows]);
    }
  });
});

describe('A page after 北京通 reads exactly the read models that it declares', () => {
  const at = SsoCentre.forTests();

  it.each([
    ['/login/reset', zhangSan],
    ['/login/bjt/choice', liSi],
  ])('A page after 北京通 reads exactly the read models that it declares: %s', async (route, person) => {
    const { browser } = await at.visit(person);
    expect([route, await readBy(at.centre, () => browser.get(`${at.address}${route}`))]).toEqual([route, declaredIn(at.centre).get(route)]);
  });
});
