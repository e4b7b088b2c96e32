import { expect, it } from '@jest/globals';
import { stopWithinDeadline } from '../../src/processes/end-in-time.js';

it('A process that is told to end and waits for something that never comes is ended all the same', async () => {
  const { promise: code, resolve: exit } = Promise.withResolvers<number>();
  void stopWithinDeadline(() => new Promise(() => undefined), exit, 1);
  expect(await code).toBe(1);
});

it('A process that has ended what runs in time is not ended by force', async () => {
  const codes: number[] = [];
  await stopWithinDeadline(
    async () => undefined,
    (code) => codes.push(code),
  );
  expect(codes).toEqual([]);
});
