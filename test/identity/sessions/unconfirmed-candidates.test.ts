import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';
import { until } from '../../until.js';

const ACCOUNT = '119912345690';

describe('A candidate who is not confirmed on site', () => {
  let centre: TestCentre;
  let cookie: string;
  beforeAll(async () => {
    centre = await TestCentre.open();
    await centre.candidate(ACCOUNT, { confirmed: 'N' });
  });
  afterAll(() => centre.close());
  beforeEach(async () => {
    cookie = await centre.signIn(ACCOUNT);
  });
  const account = () => centre.ask('/center/account', { cookie });

  it.each(['/center', '/center/account', '/center/bills', '/center/status', '/center/declarations'])(
    'A candidate who is not confirmed on site is led from %s to the voucher',
    async (address) => {
      const answer = await centre.ask(address, { cookie });
      expect([answer.status, answer.headers.location]).toEqual([303, '/center/confirmation']);
    },
  );

  it.each(['/center/confirmation', '/center/notices', '/help', '/privacy', '/center/session'])(
    'A candidate who is not confirmed on site may see %s',
    async (address) => {
      expect((await centre.ask(address, { cookie })).status).toBe(200);
    },
  );

  it('A candidate who is not confirmed on site may not send anything either, but may leave', async () => {
    const answer = await centre.ask('/center/account', { cookie, form: {} });
    expect(answer.status).not.toBe(200);
    expect((await centre.ask('/logout', { cookie, form: {} })).headers.location).toBe('/login?out=1');
    expect((await centre.ask('/center', { cookie })).headers.location).toContain('/login');
  });

  it('A candidate who is not confirmed on site has the whole centre from the moment of confirmation, in the same session, and no longer than it holds', async () => {
    expect((await account()).status).toBe(303);
    await centre.rows('candidates', { admission_no: ACCOUNT, confirmed: 'Y' });
    await until('the centre to open', async () => (await account()).status === 200);
    await centre.rows('candidates', { admission_no: ACCOUNT, confirmed: 'N' });
    await until('the centre to close', async () => (await account()).headers.location === '/center/confirmation');
  });
});
