import { afterEach, expect, it, jest } from '@jest/globals';
import { START } from '../../../src/event-store/event.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { pollingAddress, withoutPollingMark } from '../../../src/web/requests/polling.js';
import { type Answer, cookiesOf } from '../../centre.js';
import { ACCOUNT, PayingCentre } from '../../payments/paying/paying-centre.js';

const TWO_MINUTES = 120;

const at = PayingCentre.forTests();

afterEach(() => {
  jest.restoreAllMocks();
});

const renews = (answer: Answer) => cookiesOf(answer).includes('session=ey');

/** The address to which a browser without JavaScript goes on by itself. */
const refreshed = ({ $ }: Answer) =>
  $('noscript meta[http-equiv=refresh]')
    .attr('content')
    ?.replace(/^\d+;url=/, '');

it('A bill that waits for its result does not renew the session each time that it asks, with JavaScript or without', async () => {
  await at.leave();
  await at.centre.settled();
  const cookie = await at.centre.signIn(ACCOUNT);
  at.pass(TWO_MINUTES);
  const begins = `/center/bills/${at.bill}?asked=0`;
  const [asked, gone]: [string[], string[]] = [[], []];
  for (let next: string | undefined = begins; next; ) {
    const part: Answer = await at.centre.part(next, cookie);
    if (next !== begins && renews(part)) asked.push(next);
    next = part.$('#bill').attr('hx-get');
  }
  let times = 0;
  for (let next: string | undefined = begins; next; times += 1) {
    const page: Answer = await at.centre.ask(next, { cookie });
    if (next !== begins && renews(page)) gone.push(next);
    next = refreshed(page);
  }
  expect({ times, asked, gone }).toEqual({ times: 8, asked: [], gone: [] });
  expect(renews(await at.centre.ask(begins, { cookie }))).toBe(true);
});

it('A page that lacks what its reader has just done does not renew the session when a browser without JavaScript asks for it again', async () => {
  const cookie = await at.centre.signIn(ACCOUNT);
  const seen = await at.centre.get(EventStore).head();
  jest.spyOn(at.centre.get(ReadModels), 'position').mockResolvedValue(START);
  at.pass(TWO_MINUTES);
  const waiting = { cookie: `${cookie}; seen=${seen}` };
  const first = await at.centre.ask('/center/courses?code=%E6%B3%95', waiting);
  expect(renews(first)).toBe(true);
  const again = refreshed(first) ?? 'no address';
  expect(withoutPollingMark(again)).toBe('/center/courses?code=%E6%B3%95');
  const second = await at.centre.ask(again, waiting);
  expect([second.status, renews(second), refreshed(second)]).toEqual([200, false, again]);
});

it('A polling request after the end of the session leads to the login page, and from there to the address without its mark', async () => {
  const cookie = await at.centre.signIn(ACCOUNT);
  at.pass(3 * 3_600);
  const { status, headers } = await at.centre.ask(pollingAddress('/center/bills?x=1'), { cookie });
  expect([status, headers.location]).toEqual([303, `/login?${new URLSearchParams({ to: '/center/bills?x=1', ended: '1' })}`]);
});

it('A form renews the session whatever its address says', async () => {
  const cookie = await at.centre.signIn(ACCOUNT);
  at.pass(TWO_MINUTES);
  expect(renews(await at.centre.ask(pollingAddress(`/center/payments/${at.bill}`), { cookie, form: { _: '' } }))).toBe(true);
});
