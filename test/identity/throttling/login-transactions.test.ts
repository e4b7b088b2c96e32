import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { RateLimitStore } from '../../../src/identity/throttling/rate-limit-store.js';
import { TestCentre } from '../../centre.js';

const ACCOUNT = '119977000001';
let centre: TestCentre;
beforeAll(async () => {
  centre = await TestCentre.open();
  await centre.candidate(ACCOUNT);
});
afterAll(() => centre.close());

const logIn = (password: string) => centre.ask('/login', { form: { account: ACCOUNT, password } });

it.each([
  ['the right password', 'correct horse', 303, 2],
  ['a wrong one', 'wrong', 422, 1],
])('A login by an unknown browser with %s asks the rate limits’ store for as few transactions as it needs', async (_, password, status, transactions) => {
  const run = jest.spyOn(centre.get(RateLimitStore), 'run');
  expect((await logIn(password)).status).toBe(status);
  expect(run).toHaveBeenCalledTimes(transactions);
  run.mockRestore();
});

it('While another process holds the lock of the rate limits’ file, pages are answered, and the login is once the lock is free', async () => {
  const other = new DatabaseSync(join(centre.folder, 'login-tallies.sqlite'), { timeout: 60_000 });
  other.exec('BEGIN IMMEDIATE');
  let isAnswered = false;
  const login = logIn('correct horse').finally(() => {
    isAnswered = true;
  });
  for (let page = 0; page < 5; page++) expect((await centre.ask('/help')).status).toBe(200);
  expect(isAnswered).toBe(false);
  other.exec('ROLLBACK');
  other.close();
  expect((await login).status).toBe(303);
});
