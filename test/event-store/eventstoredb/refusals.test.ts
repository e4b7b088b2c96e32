import { describe, expect, it } from '@jest/globals';
import { LogRefused } from '../../../src/event-store/append.js';
import { resolveHost } from '../../../src/event-store/eventstoredb/connection/resolve-host.js';
import { EventStoreDBEventStore } from '../../../src/event-store/eventstoredb/event-store.js';
import { parseEventStoreUrl } from '../../../src/event-store/eventstoredb/url.js';
import { logLines } from '../../log-lines.js';
import { until } from '../../until.js';
import { SHORT_RETRIES } from './faulty-log.js';

const lines = logLines();

it('When the hosts cannot be probed, the error of the calls is reported and the process goes on', async () => {
  const address = parseEventStoreUrl('esdb://127.0.0.1?tls=false', { production: false });
  const store = new EventStoreDBEventStore({ ...address, hosts: [{ address: '127.0.0.1', port: 99_999 }] }, {}, async () => [], SHORT_RETRIES);
  await expect(store.assertReachable()).rejects.toThrow(LogRefused);
  await until('it is told', () => lines.some((line) => line.includes('EventStoreDB cannot be used now')));
  await store.close();
});

describe('Resolving a host', () => {
  it('Resolving a host ends at its timeout, however long the resolver takes', async () => {
    const never = () => new Promise<never>(() => undefined);
    await expect(resolveHost('events.example', 5, never)).rejects.toThrow('5 毫秒内没有找到主机 events.example 的地址');
  });

  it('Resolving a host returns the resolver’s addresses or its error', async () => {
    const found = [{ address: '192.0.2.1', family: 4 }];
    expect(await resolveHost('events.example', 60_000, async () => found)).toEqual(found);
    await expect(resolveHost('events.example', 60_000, () => Promise.reject(new Error('ENOTFOUND')))).rejects.toThrow('ENOTFOUND');
  });
});
