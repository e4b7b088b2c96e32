import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { type Position, START } from '../../../src/event-store/event.js';
import { EventStore } from '../../../src/event-store/event-store.js';
import { ReadModels } from '../../../src/read-models/read-models.js';
import { TestCentre } from '../../centre.js';

const ACCOUNT = '119912345678';

let centre: TestCentre;
let cookie: string;
let seen: Position;
beforeEach(async () => {
  centre = await TestCentre.open();
  await centre.candidate(ACCOUNT);
  cookie = (await centre.signIn(ACCOUNT)).replace(/; seen=[^;]*/, '');
  await centre.settled();
  seen = await centre.get(EventStore).head();
});
afterEach(() => centre.close());

/** From now on these read models have seen nothing. */
function standStill(...names: readonly string[]) {
  const readModels = centre.get(ReadModels);
  const position = readModels.position.bind(readModels);
  jest
    .spyOn(readModels, 'position')
    .mockImplementation(async (projections) => (projections.some(({ name }) => names.includes(name)) ? START : position(projections)));
}

/** What a page says to a reader who has just recorded something: whether it asks again, and whether that is forgotten. */
async function page(address: string) {
  const answer = await centre.ask(address, { cookie: `${cookie}; seen=${seen}` });
  const cookies = [answer.headers['set-cookie'] ?? []].flat().map(String);
  return {
    status: answer.status,
    asksAgain: answer.$('main').attr('data-ask-again') !== undefined,
    isForgotten: cookies.some((each) => each.startsWith('seen=;')),
  };
}

it('A page shows what its reader has just recorded and forgets it once all read models have seen it', async () => {
  expect(await page('/center/bills')).toEqual({ status: 200, asksAgain: false, isForgotten: true });
});

it('A page does not wait for a read model that it does not show, and remembers for the pages that do', async () => {
  standStill('tasks', 'applications');
  for (const address of ['/center/bills', '/center', '/center/rules'])
    expect(await page(address)).toEqual({ status: 200, asksAgain: false, isForgotten: false });
  expect(await page('/center/status')).toEqual({ status: 200, asksAgain: true, isForgotten: false });
});
