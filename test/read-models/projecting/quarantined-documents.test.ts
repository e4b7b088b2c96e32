import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Projection } from '../../../src/read-models/projection.js';
import type { Change } from '../../../src/read-models/registry.js';
import { added, spoilt } from '../counting.js';
import { texts } from '../opened-builds.js';
import { eventually, KeptUpBuilds } from './kept-up-builds.js';

const code = [texts];

let able: boolean;
/** Takes what is spoilt once it is able to. */
const patient: Projection = {
  ...texts,
  on: {
    ...texts.on,
    Spoilt: (doc) => {
      if (!able) throw new Error('cannot take it');
      return { texts: [...(doc as { texts: string[] }).texts, 'spoilt'] };
    },
  } as Projection['on'],
};

let at: KeptUpBuilds;
beforeEach(() => {
  able = false;
  at = new KeptUpBuilds();
});
afterEach(() => at.drop());

describe('Builds that a projector keeps up', () => {
  it('Maintained builds do not take a document out of quarantine that an event of a newer release keeps there', async () => {
    at.events.tell([added('zhang', 'a'), { ...added('zhang', 'x'), type: 'OfANewerRelease', unknown: true }, added('zhang', 'b')]);
    at.project(code);
    await at.untilShown(code, 'zhang', { texts: ['a'] });
    expect(await at.outcomeOf({ kind: 'retry', build: 'texts-by-subject@1', key: 'zhang' })).toMatchObject({ done: false });
    expect(await at.shown(code, 'zhang')).toEqual({ texts: ['a'] });
  });

  it('Maintained builds with a quarantined document are served only when a person accepts what is already so', async () => {
    at.events.tell([added('zhang', 'a'), added('li', 'b'), spoilt('zhang')]);
    const progress = at.project([patient]);
    await eventually(async () => expect(progress()?.state).toBe('live'));
    const name = await at.another(patient);
    expect(await at.switchTo(name)).toMatchObject({ done: false, says: expect.stringContaining('zhang') });
    expect(await at.switchTo(name, ['li'])).toMatchObject({ done: false });
    expect(await at.switchTo(name, ['zhang'])).toMatchObject({ done: true });
  });

  it('Maintained builds are not gone back to where they have a quarantined document that the served one has not', async () => {
    at.events.tell([added('zhang', 'a'), added('li', 'b')]);
    const progress = at.project([patient]);
    await eventually(async () => expect(progress()?.state).toBe('live'));
    const name = await at.another(patient);
    expect(await at.switchTo(name)).toMatchObject({ done: true });
    await at.builds.fill(patient, new Map(), [{ key: 'zhang', position: '00000001', error: 'no' }]);
    const back: Change = { kind: 'rollback', readModel: 'texts-by-subject' };
    const says = 'texts-by-subject@1 中有被隔离的文档：zhang';
    const refusal = { done: false, says, remedies: [{ kind: 'retry-all', build: 'texts-by-subject@1' }] };
    await at.end(); // a projector reads what is in quarantine when it begins
    at.project([patient]);
    expect(await at.outcomeOf(back)).toEqual(refusal);
    expect(await at.outcomeOf({ ...back, accepted: ['zhang'] })).toEqual(refusal);
    await at.builds.release(patient, 'zhang');
    await at.end();
    at.project([patient]);
    expect(await at.outcomeOf(back)).toMatchObject({ done: true });
  });

  it('Maintained builds take a quarantined document on again, with all that came meanwhile', async () => {
    at.events.tell([added('zhang', 'a'), spoilt('zhang'), added('zhang', 'b')]);
    at.project([patient]);
    await at.untilShown([patient], 'zhang', { texts: ['a'] });
    const again: Change = { kind: 'retry', build: 'texts-by-subject@1', key: 'zhang' };
    expect(await at.outcomeOf(again)).toMatchObject({ done: false, says: expect.stringContaining('cannot take it') });
    able = true;
    at.events.tell([added('zhang', 'c')]);
    expect(await at.outcomeOf(again)).toMatchObject({ done: true });
    expect(await at.shown([patient], 'zhang')).toEqual({ texts: ['a', 'spoilt', 'b', 'c'] });
    at.events.tell([added('zhang', 'd')]);
    await at.untilShown([patient], 'zhang', { texts: ['a', 'spoilt', 'b', 'c', 'd'] });
    expect(await at.outcomeOf(again)).toMatchObject({ done: false });
  });
});
