import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestCentre } from '../../centre.js';

const PASSWORD = 'correct horse';
let centre: TestCentre;
let people = 0;
/** Of this test's person: two admission numbers, both confirmed on site, and the citizen number. */
let person: { readonly idNo: string; readonly one: string; readonly other: string };
beforeAll(async () => {
  centre = await TestCentre.open();
});
afterAll(() => centre.close());
beforeEach(async () => {
  people += 1;
  person = { idNo: `H12345${people}`, one: `1199770100${people}1`, other: `1199770100${people}2` };
  await candidate(person.one);
  await candidate(person.other);
});

function candidate(admissionNo: string, row: Readonly<Record<string, string>> = {}, password = PASSWORD) {
  return centre.candidate(admissionNo, { id_type: '港澳居民来往内地通行证', id_no: person.idNo, ...row }, password);
}

const logIn = (account: string, password: string, from = '203.0.113.1', cookie = '') =>
  centre.application.inject({
    method: 'POST',
    url: '/login',
    remoteAddress: from,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', cookie },
    payload: new URLSearchParams({ account, password }).toString(),
  });
const statuses = async (accounts: readonly string[], password = 'wrong') => {
  const answered: number[] = [];
  for (const account of accounts) answered.push((await logIn(account, password)).statusCode);
  return answered;
};

describe('Failures are counted by whose number it is', () => {
  it('Failures are counted by whose number it is, whether it is one admission number, the other or the citizen number, and however it is written', async () => {
    const { one, other, idNo } = person;
    expect(await statuses([one, idNo, other, ` ${idNo.toLowerCase()} `, one, idNo])).toEqual([422, 422, 422, 422, 429, 429]);
  });

  it('A success with either number of a person resets the failures of all', async () => {
    const { one, other, idNo } = person;
    expect(await statuses([one, idNo, other])).toEqual([422, 422, 422]);
    expect((await logIn(other, PASSWORD)).statusCode).toBe(303);
    expect(await statuses([one, idNo, other, one, one])).toEqual([422, 422, 422, 422, 429]);
  });

  it('A browser that has entered with one number of a person is known with the others', async () => {
    const { one, other, idNo } = person;
    const entered = await logIn(one, PASSWORD);
    const known = entered.cookies.find(({ name }) => name === 'known');
    for (let at = 0; at < 40; at++) await logIn(idNo, 'wrong', `198.51.100.${at}`);
    expect((await logIn(other, PASSWORD, '203.0.113.9')).statusCode).toBe(429);
    expect((await logIn(other, PASSWORD, '203.0.113.9', `known=${known?.value}`)).statusCode).toBe(303);
  });

  it('Failures are not counted by a person who only claimed a number: that neither counts against its holder nor resets anything', async () => {
    const { one, idNo } = person;
    const stranger = `1199770100${people}9`;
    await candidate(stranger, { confirmed: 'N' }, 'a password of their own');
    expect(await statuses([one, one, one])).toEqual([422, 422, 422]);
    expect((await logIn(stranger, 'a password of their own')).statusCode).toBe(303);
    const entered = await logIn(idNo, 'a password of their own');
    expect([entered.statusCode, entered.cookies.some(({ name }) => name === 'known')]).toEqual([303, false]);
    expect(await statuses([one])).toEqual([429]);
  });
});
