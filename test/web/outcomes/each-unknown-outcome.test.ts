import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { log } from '../../../src/kernel/log.js';
import type { Answer } from '../../centre.js';
import { SsoBrowser } from '../../identity/single-sign-on/sso-browser.js';
import { SsoCentre, zhangSan } from '../../identity/single-sign-on/sso-centre.js';
import { ACCOUNT, PayingCentre } from '../../payments/paying/paying-centre.js';
import { answersLost, appendsLost, lookedUpAt } from './lost-answers.js';

beforeAll(() => {
  jest.spyOn(log, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const NEW = '四郎探母 坐宫一折';

describe('Each form for which the log gives no answer in time is answered with its outcome', () => {
  const at = PayingCentre.forTests();
  const bill = () => `/center/bills/${at.bill}`;
  const paying = () => `/center/payments/${at.bill}`;
  const forms: readonly (readonly [string, () => string, () => string, Readonly<Record<string, string>>])[] = [
    ['登录', () => '/login', () => '/login', { account: ACCOUNT, password: 'correct horse' }],
    ['退出登录', () => '/logout', () => '/login', { _: '' }],
    ['退出其他设备上的登录', () => '/center/account/sessions', () => '/center/account#sessions', { session: 'others' }],
    ['发起支付', paying, bill, { _: '' }],
    ['取消账单', () => `${bill()}/cancel`, bill, { _: '' }],
    // the last one: afterwards the password is another
    ['修改密码', () => '/center/account/password', () => '/center/account#sessions', { old: 'correct horse', password: NEW, again: NEW }],
  ];

  it('Each route that records something has a text for an outcome that is not known', () => {
    const { routeTable } = at.centre.application.getHttpAdapter().getInstance();
    const wordless = routeTable.all().filter(({ method, beside, describesOutcome }) => method === 'POST' && !beside && !describesOutcome);
    expect(wordless.map(({ url }) => url).toSorted()).toEqual(['/center/session', '/office/login']); // which record nothing
  });

  it.each(forms)('Each form for which the log gives no answer in time is answered with its outcome: %s', async (what, url, see, form) => {
    const [cookie, another] = [await at.centre.signIn(ACCOUNT), await at.centre.signIn(ACCOUNT)];
    appendsLost(at.centre);
    const lost = await at.centre.ask(url(), { cookie, form });
    jest.restoreAllMocks();
    await expectTold(lost, '没有记录', what, see());
    answersLost(at.centre);
    const unheard = await at.centre.ask(url(), { cookie: another, form });
    jest.restoreAllMocks();
    await expectTold(unheard, '已经记录', what, see());
  });

  async function expectTold(answer: Answer, outcome: string, what: string, see: string): Promise<void> {
    expect([what, answer.status, answer.text.includes(`“${what}”`), answer.$('#outcome .btn').attr('href')]).toEqual([what, 503, true, see]);
    const told = await at.centre.ask(String(lookedUpAt(answer)), { cookie: at.cookie });
    expect([what, told.$('h1').text(), told.$('#outcome .btn').attr('href')]).toEqual([what, outcome, see]);
  }
});

describe('Coming back from 北京通 while the log does not answer in time', () => {
  const at = SsoCentre.forTests();

  it('Coming back from 北京通 while the log does not answer in time is answered that the outcome is looked up, and without reloading the same address', async () => {
    const browser = new SsoBrowser();
    const back = await at.backFrom(zhangSan, browser);
    answersLost(at.centre);
    const answer = await browser.get(back);
    jest.restoreAllMocks();
    expect(answer.text).toContain('这次登录没有完成，请重新登录');
    expect(answer.text).toContain('“登录”：系统没有及时回应，还不能确定有没有记录');
  });
});
