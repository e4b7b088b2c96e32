import { describeEventStore } from '../event-store.conformance.js';
import { openSqliteLog } from './sqlite-log.js';

describeEventStore('SqliteEventStore', openSqliteLog);
