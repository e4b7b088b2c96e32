import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStoreDBEventStore } from '../../../../src/event-store/eventstoredb/event-store.js';
import { testEvents } from '../../test-events.js';
import { connectStore } from '../eventstoredb-log.js';
import { TestServer } from '../test-server/test-server.js';
import { adapterSteps, inThePort } from './adapter-steps.js';
import { bareSteps } from './bare-steps.js';
import { ofRun, recordedSteps, type Steps } from './steps.js';

/** Answers of a real EventStoreDB 22.10.5, step by step, are in test/fixtures/eventstoredb-answers.json. */
describe('The in-test server gives the answers that a real server gave', () => {
  let server: TestServer;
  let client: EventStoreDBClient;
  let store: EventStoreDBEventStore;
  beforeAll(async () => {
    server = await TestServer.start();
    const url = `esdb://127.0.0.1:${server.port}?tls=false`;
    client = EventStoreDBClient.connectionString(url);
    store = connectStore(url, { ...testEvents, Big: [] });
  });
  afterAll(async () => {
    await store.close();
    await client.dispose();
    await server.stop();
  });

  const step = (steps: Steps, name: string) => {
    const how = steps[name];
    if (!how) throw new Error(`nobody knows how to do ${name}`);
    return how();
  };

  it('The in-test server gives the answers that a real server gave in a test of every recorded step', () => {
    expect(Object.keys(bareSteps(client, 'x'))).toEqual(recordedSteps.map(({ name }) => name));
    expect(Object.keys(adapterSteps(store, client, 'x'))).toEqual(recordedSteps.map(({ name }) => name));
    expect(recordedSteps).toHaveLength(29);
  });

  describe('Through the package’s client', () => {
    const run = 'bare';
    it.each(recordedSteps.map((recorded) => [recorded.does, recorded] as const))(
      'The in-test server gives the answers that a real server gave through the package’s client: %s',
      async (_, { name, answer, error }) => {
        const steps = bareSteps(client, run);
        if (error === undefined) expect(await step(steps, name)).toEqual(ofRun(answer, run, `${run}-a`));
        else expect(asRecorded(await step(steps, name).catch((thrown: unknown) => thrown))).toEqual(ofRun(error, run, streamOf(name, run)));
      },
    );
  });

  describe('Through the adapter', () => {
    const run = 'adapter';
    it.each(recordedSteps.map((recorded) => [recorded.does, recorded] as const))(
      'The in-test server gives the answers that a real server gave through the adapter: %s',
      async (_, recorded) => {
        const steps = adapterSteps(store, client, run);
        const wanted = ofRun(inThePort(recorded), run, streamOf(recorded.name, run));
        const got = await step(steps, recorded.name).catch((thrown: unknown) => ({ fault: (thrown as Error).constructor.name }));
        // from the start of the log, where the event of the other run stands
        if (recorded.name === 'subscribe-type-filter') expect(got).toMatchObject([{ revision: 0, type: 'Big' }]);
        else expect({ got }).toMatchObject({ got: wanted });
      },
    );
  });
});

/** The stream that a recorded error names. */
function streamOf(name: string, run: string): string {
  if (name.endsWith('-on-missing')) return `${run}-missing`;
  if (name.startsWith('tombstone')) return `${run}-tombstoned`;
  return name === 'read-missing' ? `${run}-none` : `${run}-a`;
}

function asRecorded(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) throw new Error('it was not refused');
  const { type, message, actualVersion, expectedVersion, streamName } = thrown as Error & Readonly<Record<string, unknown>>;
  const version = (value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return JSON.parse(
    JSON.stringify({
      name: thrown.constructor.name,
      type,
      message,
      actualVersion: version(actualVersion),
      expectedVersion: version(expectedVersion),
      streamName,
    }),
  );
}
