import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as argon2 from '@node-rs/argon2';
import type { Device } from '../../../src/identity/identity.events.js';
import type { Sealed } from '../../../src/vault/vault.js';
import type { Answer, TestCentre as Centre } from '../../centre.js';

const verify = jest.fn(argon2.verify);
const hash = jest.fn(argon2.hash);
jest.unstable_mockModule('@node-rs/argon2', () => ({ ...argon2, verify, hash }));
const { cookiesOf, TestCentre } = await import('../../centre.js');
const { EventStore } = await import('../../../src/event-store/event-store.js');
const { Vault } = await import('../../../src/vault/vault.js');

const WRONG = '号码或密码不对';
const CITIZEN = '11990019900101001X';
const TWICE = '119900198805050014';

let centre: Centre;
let id: string;
beforeAll(async () => {
  centre = await TestCentre.open();
  id = await centre.candidate('119912345678', { id_no: CITIZEN, name: '张三' });
  for (const number of ['119912345601', '119912345602']) await centre.candidate(number, { id_no: TWICE });
  await centre.candidate('119912345603', { account_state: 'closed' });
  await centre.candidate('119912345604', { account_state: 'frozen' });
  await centre.candidate('119912345605', { confirmed: 'N' });
  await centre.rows('candidates', { admission_no: '119912345606' });
});
afterAll(() => centre.close());

beforeEach(() => {
  // so that no test waits for the failures of another: those of an hour ago are forgotten
  centre.clock.time = new Date(centre.clock.time.getTime() + 3_600_000);
});

const logIn = (account: string, password = 'correct horse', more: Readonly<Record<string, string>> = {}) =>
  centre.ask('/login', { form: { account, password, ...more } });

describe('Logging in with the right number and password', () => {
  it.each([
    ['the admission number', '119912345678'],
    ['spaces in it', ' 1199 1234 5678 '],
    ['full-width digits', '１１９９１２３４５６７８'],
    ['hyphens', '1199-1234-5678'],
    ['the citizen number', '11990019900101001X'],
    ['its x in small', '11990019900101001x'],
    ['its x full-width', '11990019900101001ｘ'],
  ])('Logging in with the right number and password enters the centre by %s', async (_, account) => {
    const answer = await logIn(account);
    expect([answer.status, answer.headers.location]).toEqual([303, '/center']);
    const page = await centre.ask('/center/account', { cookie: cookiesOf(answer) });
    expect(page.status).toBe(200);
    expect(page.text).toContain('张三');
  });

  it('Logging in with the right number and password sets a cookie that only our server and no script can read', async () => {
    const cookie = String((await logIn('119912345678')).headers['set-cookie']);
    expect(cookie).toMatch(/^session=/);
    expect(cookie.split('; ').slice(1)).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax', 'Max-Age=7200']));
    expect(cookie).not.toContain('Secure');
  });

  it('Logging in with the right number and password records who entered and from where, all of it encrypted', async () => {
    await centre.ask('/login', { form: { account: '119912345678', password: 'correct horse' }, headers: { 'user-agent': 'WeChat on a phone' } });
    const event = (await centre.get(EventStore).subject(id)).findLast(({ type }) => type === 'SignedIn');
    if (event?.type !== 'SignedIn') throw new Error('no sign-in was recorded');
    expect(event.metadata).toMatchObject({ by: id, origin: 'person' });
    const { device } = event.data as { device: Sealed<Device> };
    expect((await centre.get(Vault).safe(id)).open(device)).toEqual({ address: '127.0.0.1', userAgent: 'WeChat on a phone' });
    expect(JSON.stringify(event)).not.toContain('WeChat');
  });

  it('Logging in with the right number and password begins a new session each time, and ends the one that the browser had', async () => {
    const first = cookiesOf(await logIn('119912345678'));
    const again = await centre.ask('/login', { cookie: first, form: { account: '119912345678', password: 'correct horse' } });
    expect((await centre.ask('/center/account', { cookie: first })).status).toBe(303);
    expect((await centre.ask('/center/account', { cookie: cookiesOf(again) })).status).toBe(200);
  });

  it('Logging in with the right number and password is possible for a frozen account, which sees its state', async () => {
    expect((await logIn('119912345604')).status).toBe(303);
  });
});

describe('A rejected login', () => {
  it.each([
    ['a wrong password', '119912345678', 'wrong'],
    ['the password of other case', '119912345678', 'Correct horse'],
    ['a number that nobody has', '119900000000', 'correct horse'],
    ['a citizen number that nobody has', '119900199001010029', 'correct horse'],
    ['an account without a password', '119912345606', 'correct horse'],
    ['a number of no kind', '1234', 'correct horse'],
    ['words for a number', "' OR 1=1 --", 'correct horse'],
    ['a closed account with a wrong password', '119912345603', 'wrong'],
    ['a password of 2,000 characters', '119912345678', 'x'.repeat(2_000)],
  ])('A rejected login by %s gets the one message and no session, and records no sign-in', async (_, account, password) => {
    const before = await centre.get(EventStore).head();
    const answer = await logIn(account, password);
    expect(answer.status).toBe(422);
    expect(answer.$('[role=alert]').text()).toContain(WRONG);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await centre.get(EventStore).read(before, 100, { types: ['SignedIn'] })).events).toEqual([]);
  });

  it('A rejected login shows the form as it was filled in, without the password', async () => {
    const answer = await logIn('1199<b>"', 'my secret', { to: '/center/results?tab=passed' });
    expect(answer.$('input[name=account]').val()).toBe('1199<b>"');
    expect(answer.$('input[name=to]').val()).toBe('/center/results?tab=passed');
    expect(answer.$('input[name=password]').attr('value')).toBeUndefined();
    expect(answer.body).not.toContain('my secret');
  });

  it('A rejected login of a closed account says so only after the right password', async () => {
    const answer = await logIn('119912345603');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('已经注销');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([{}, { account: '119912345678' }, { password: 'x' }, { account: ' ', password: 'x' }])(
    'A rejected login by a form without its fields says what is missing: %j',
    async (form) => {
      const answer = await centre.ask('/login', { form });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('请填写号码和密码');
    },
  );

  it('A rejected login treats fields that are sent twice or as another type as missing', async () => {
    const answer = await centre.application.inject({
      method: 'POST',
      url: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: 'account=119912345678&account=119912345678&password=correct+horse',
    });
    expect(answer.statusCode).toBe(422);
    const json = await centre.application.inject({
      method: 'POST',
      url: '/login',
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { account: { $ne: 1 }, password: 'x' },
    });
    expect(json.statusCode).toBe(422);
  });

  it('A rejected login by a form of another site is refused before anything is checked', async () => {
    const answer = await centre.ask('/login', {
      form: { account: '119912345678', password: 'correct horse' },
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('A rejected login costs one argon2 verification for known and unknown accounts', async () => {
    const costOf = async (account: string, password: string) => {
      verify.mockClear();
      hash.mockClear();
      await logIn(account, password);
      return [verify.mock.calls.length, hash.mock.calls.length];
    };
    expect(await costOf('119912345678', 'correct horse')).toEqual([1, 0]);
    expect(await costOf('119912345678', 'wrong')).toEqual([1, 0]);
    expect(await costOf('119900000000', 'wrong')).toEqual([1, 0]);
    expect(await costOf('119912345606', 'wrong')).toEqual([1, 0]);
    expect(await costOf('119900199001010029', 'wrong')).toEqual([1, 0]);
    expect(await costOf('nobody', 'wrong')).toEqual([1, 0]);
  });

  it('A rejected login is answered after the same time for one number, two, an account without a password, and nobody', async () => {
    const waited = jest.spyOn(centre.clock, 'until');
    for (const account of ['119912345678', TWICE, '119912345606', '119900000000', 'nobody']) await logIn(account, 'wrong');
    const due = centre.clock.time.getTime() + 700;
    expect(waited.mock.calls).toEqual(Array(5).fill([due, 700]));
    waited.mockRestore();
  });
});

describe('After repeated failures', () => {
  const guess = (account: string, password = 'wrong') => logIn(account, password);

  it.each(['119912345678', '119900000001'])(
    'After repeated failures the pair of number and address is told how long to wait, and may then try again: %s',
    async (account) => {
      for (let failure = 0; failure < 5; failure++) {
        expect((await guess(account)).status).toBe(422);
        if (failure === 3) centre.clock.time = new Date(centre.clock.time.getTime() + 1_000);
      }
      const answer = await guess(account);
      expect(answer.status).toBe(429);
      expect(answer.headers['retry-after']).toBe('2');
      expect(answer.text).toContain('请 2 秒后再试');
      expect(answer.$('input[name=account]').val()).toBe(account);
      centre.clock.time = new Date(centre.clock.time.getTime() + 2_000);
      expect((await guess(account)).status).toBe(422);
    },
  );

  it('After repeated failures the right password is not checked early, and that costs no work', async () => {
    for (let failure = 0; failure < 4; failure++) await guess('119912345604');
    verify.mockClear();
    expect((await guess('119912345604', 'correct horse')).status).toBe(429);
    expect(verify).not.toHaveBeenCalled();
  });

  it('After repeated failures concurrent guesses are each counted', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess('119912345605')));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(4);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(36);
  });

  it('After repeated failures neither another account there nor the account elsewhere has to wait', async () => {
    for (let failure = 0; failure < 5; failure++) await guess('119912345678');
    expect((await logIn('119912345604')).status).toBe(303);
    const elsewhere = await centre.application.inject({
      method: 'POST',
      url: '/login',
      remoteAddress: '203.0.113.77',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: 'account=119912345678&password=correct+horse',
    });
    expect(elsewhere.statusCode).toBe(303);
  });

  it('After repeated failures a success resets the count', async () => {
    for (let round = 0; round < 3; round++) {
      for (let failure = 0; failure < 3; failure++) expect((await guess('119912345678')).status).toBe(422);
      expect((await logIn('119912345678')).status).toBe(303);
    }
  });
});

describe('The form of a refused login', () => {
  const marked = ({ $ }: Answer) =>
    $('[aria-invalid=true]')
      .map((_, field) => $(field).attr('name'))
      .get();

  it.each<[string, string, string, readonly string[]]>([
    ['without a password', '119912345678', '', ['password']],
    ['without a number', ' ', 'correct horse', ['account']],
    ['with a wrong password, which may be a wrong number', '119912345678', 'wrong', ['account', 'password']],
    ['of a closed account, where nothing was typed wrong', '119912345603', 'correct horse', []],
  ])('The form of a refused login %s marks the wrong fields alone and keeps the number', async (_, account, password, wrong) => {
    const answer = await logIn(account, password);
    expect([answer.status, marked(answer)]).toEqual([422, wrong]);
    expect(answer.$('[name=account]').val()).toBe(account);
  });

  it('The form of a refused login through 北京通 leaves one filled button, the one for number and password', async () => {
    const { $ } = await centre.ask('/login?bjt=level');
    expect(
      $('.btn:not(.plain)')
        .toArray()
        .map((button) => $(button).text()),
    ).toEqual(['登录']);
  });
});
