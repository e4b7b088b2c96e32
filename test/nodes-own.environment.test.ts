import { expect, it } from '@jest/globals';
import NodesOwn from './nodes-own.environment.mjs';

it('The environment of a test file sets back at its end what it left changed of the globals and of the process', async () => {
  const { fetch, process: ours } = globalThis;
  const noted = () => ({
    globals: Reflect.ownKeys(globalThis),
    fetch: globalThis.fetch,
    exit: ours.exit,
    environment: { ...ours.env },
    listeners: ours.listenerCount('SIGUSR2'),
    eventsAreCounted: Reflect.get(ours, '_eventsCount') === ours.eventNames().length,
    exitCode: ours.exitCode,
  });
  const before = noted();
  const environment = new NodesOwn({ projectConfig: {} });

  Object.assign(globalThis, { left: true });
  globalThis.fetch = () => fetch('https://example.org');
  ours.exit = () => ours.abort();
  ours.env.LEFT = 'yes';
  ours.env.PATH = '';
  ours.on('SIGUSR2', () => undefined);
  ours.exitCode = 7;
  expect(noted()).not.toEqual(before);
  await environment.teardown();

  expect(noted()).toEqual(before);
});
