import { expect, it } from '@jest/globals';
import { stopWithinDeadline } from '../../src/processes/stop-within-deadline.js';

it('A process whose graceful shutdown hangs exits at its deadline', async () => {
  const { promise: code, resolve: exit } = Promise.withResolvers<number>();
  void stopWithinDeadline(() => new Promise(() => undefined), exit, 1);
  expect(await code).toBe(1);
});

it('A process that has shut down in time is not forced to exit', async () => {
  const codes: number[] = [];
  await stopWithinDeadline(
    async () => undefined,
    (code) => codes.push(code),
  );
  expect(codes).toEqual([]);
});
