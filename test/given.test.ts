import { describe, expect, it } from '@jest/globals';
import type { Decider } from '../src/event-store/decider.js';
import type { Event } from '../src/event-store/event.js';
import { Refusal } from '../src/event-store/refusal.js';
import { given } from './given.js';

type DoorEvent = Event<'Opened', { by: string }> | Event<'Closed', { by: string }>;
const door: Decider<{ open: boolean }, DoorEvent> = { initial: () => ({ open: false }), evolve: (_, { type }) => ({ open: type === 'Opened' }) };
const opened: DoorEvent = { type: 'Opened', data: { by: 'a' } };
const closed: DoorEvent = { type: 'Closed', data: { by: 'a' } };
function open(state: { open: boolean }): DoorEvent[] {
  if (state.open) throw new Refusal('door.open', 'it is open', { by: 'a' });
  return [opened];
}

describe('A test by given, when and then', () => {
  it('A test by given, when and then decides on the state after the events', () => given(door, [opened, closed]).when(open).then([opened]));

  it('A test by given, when and then compares a refusal by its code and values', () => given(door, [opened]).when(open).refuses('door.open', { by: 'a' }));

  it('A test by given, when and then fails on other events, and on more or fewer events', () => {
    for (const wrong of [[], [closed], [opened, closed]]) expect(() => given(door, []).when(open).then(wrong)).toThrow();
  });

  it('A test by given, when and then fails on another code, other values, or no refusal', () => {
    expect(() => given(door, [opened]).when(open).refuses('door.stuck', { by: 'a' })).toThrow();
    expect(() => given(door, [opened]).when(open).refuses('door.open')).toThrow();
    expect(() => given(door, []).when(open).refuses('door.open', { by: 'a' })).toThrow('not refused');
  });

  it('A test by given, when and then does not accept another error as a refusal', () => {
    const broken = (): DoorEvent[] => {
      throw new TypeError('a bug');
    };
    expect(() => given(door, []).when(broken).refuses('door.open')).toThrow(TypeError);
  });
});
