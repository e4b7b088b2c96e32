import { describe, it } from '@jest/globals';
import { describeEventStore } from '../event-store.conformance.js';
import { openEventStoreDBLog } from './eventstoredb-log.js';
import { openWithin, realServer } from './real-server.js';

const real = await realServer();

describeEventStore('EventStoreDB (in-test server)', openEventStoreDBLog);

if (real) describeEventStore('EventStoreDB (real server)', () => openWithin(real));
else
  describe.skip('EventStoreDB (real server; ESDB_URL is not set and no container runtime answers)', () => {
    it('EventStoreDB keeps the promises of the port', () => undefined);
  });
