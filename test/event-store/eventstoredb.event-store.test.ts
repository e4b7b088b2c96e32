import { describeEventStore } from './event-store.conformance.js';
import { openEventStoreDBLog } from './eventstoredb-log.js';

describeEventStore('EventStoreDB (in-test server)', openEventStoreDBLog);
