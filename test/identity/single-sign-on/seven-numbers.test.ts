import { beforeAll, describe, expect, it } from '@jest/globals';
import { resetCodeHash } from '../../../src/identity/passwords/reset-codes.js';
import { SessionKeys } from '../../../src/identity/sessions/session-keys.js';
import { IssueResetCode } from '../../../src/registrations/passwords/issue-reset-code.command.js';
import { SsoCentre } from './sso-centre.js';

const person = { name: '郑九', id_no: '119900198909090023' };
const CLOSED = ['1', '2', '3', '4', '5', '6'].map((last) => `11990000096${last}`);
const OPEN = '119900000967';
const at = SsoCentre.forTests();
beforeAll(async () => {
  const row = { ...person, id_type: '外国人永久居留证' };
  for (const number of CLOSED) await at.centre.candidate(number, { ...row, account_state: 'closed' });
  await at.centre.candidate(OPEN, row);
});

describe('A person with seven admission numbers, the six oldest closed,', () => {
  const logIn = (password: string) => at.centre.ask('/login', { form: { account: person.id_no, password } });

  it('A person with seven admission numbers, the six oldest closed, signs in by the citizen number and the password', async () => {
    const answer = await logIn('correct horse');
    expect([answer.status, answer.headers.location]).toEqual([303, '/center']);
  });

  it('A person with seven admission numbers, the six oldest closed, signs in by 北京通', async () => {
    expect(at.pathOf(await at.visit(person))).toBe('/center');
  });

  it('A person with seven admission numbers, the six oldest closed, sets a new password by the citizen number and a code for the number that is open', async () => {
    const id = await at.centre.idOf(OPEN);
    const until = new Date(at.centre.clock.time.getTime() + 3_600_000).toISOString();
    const code = 'ACDEF-GHJKM';
    await at.centre.record(new IssueResetCode(at.centre.given(), id, resetCodeHash(at.centre.get(SessionKeys).reset, id, code), until));
    const password = '四郎探母 坐宫一折';
    const answer = await at.centre.ask('/login/reset', { form: { account: person.id_no, code, password, again: password } });
    expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/login\/reset\?done=./)]);
    expect((await logIn(password)).status).toBe(303);
  });

  it('A person with seven admission numbers, the six oldest closed, is told that the account is closed once the last number is', async () => {
    await at.centre.rows('candidates', { admission_no: OPEN, ...person, id_type: '外国人永久居留证', account_state: 'closed' });
    expect((await logIn('correct horse')).text).toContain('这个账号已经注销');
    expect(at.pathOf(await at.visit(person))).toBe('/login?bjt=closed');
  });
});
