import { expect, it } from '@jest/globals';
import { HeldStreams } from '../../src/reactions/held-streams.js';

it('Held streams are saved up to the checkpoint, after which events are read again', () => {
  const held = new HeldStreams([{ stream: 'a', revision: 1, position: '2' }]);
  held.hold({ stream: 'b', revision: 4, position: '5' });
  expect(held.savedUpTo('4')).toEqual([{ stream: 'a', revision: 1, position: '2' }]);
  expect(held.savedUpTo('5')).toHaveLength(2);
});
