import { describe, expect, it } from '@jest/globals';
import { LogRefused } from '../../../src/event-store/append.js';
import { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/event-store.js';
import { addressesOf } from '../../../src/event-store/eventstoredb/lookup.js';
import { eventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';
import { logLines } from '../../log-lines.js';
import { until } from '../../until.js';
import { IMPATIENT } from './faulty-log.js';

const lines = logLines();

it('A server whose hosts cannot even be looked at is told as what the calls say, and ends no process', async () => {
  const address = eventStoreUrl('esdb://127.0.0.1?tls=false', { production: false });
  const store = new EventStoreDBEventStore({ ...address, hosts: [{ address: '127.0.0.1', port: 99_999 }] }, {}, async () => [], IMPATIENT);
  await expect(store.reached()).rejects.toThrow(LogRefused);
  await until('it is told', () => lines.some((line) => line.includes('EventStoreDB cannot be used now')));
  await store.close();
});

describe('The addresses of a host', () => {
  it('are waited for no longer than is said: a resolver may take as long as it likes', async () => {
    const never = () => new Promise<never>(() => undefined);
    await expect(addressesOf('events.example', 5, never)).rejects.toThrow('no address for the host events.example was found within 5 ms');
  });

  it('are those that the resolver tells, or its fault', async () => {
    const found = [{ address: '192.0.2.1', family: 4 }];
    expect(await addressesOf('events.example', 60_000, async () => found)).toEqual(found);
    await expect(addressesOf('events.example', 60_000, () => Promise.reject(new Error('ENOTFOUND')))).rejects.toThrow('ENOTFOUND');
  });
});
