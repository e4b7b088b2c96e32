import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';

let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open(undefined, { TRUST_PROXY: '1' });
});
afterAll(() => centre.close());

it.each([
  ['203.0.113.10:', '119977000011'],
  ['[2001:db8::1]:', '119977000012'],
])('Failures from %s are of one address, whatever port the proxy writes with it', async (address, account) => {
  const statuses: number[] = [];
  for (let port = 51_001; port <= 51_006; port++) {
    const answer = await centre.ask('/login', { form: { account, password: 'wrong' }, headers: { 'x-forwarded-for': `${address}${port}` } });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([422, 422, 422, 422, 429, 429]);
});
