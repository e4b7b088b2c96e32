import { describe } from '@jest/globals';
import { appending } from './appending.conformance.js';
import { deciding } from './deciding.conformance.js';
import { agreesWithModel } from './model.conformance.js';
import type { Open } from './opened-log.js';
import { reading } from './reading.conformance.js';
import { subscribing } from './subscribing.conformance.js';

/** The contract of the port EventStore, for every implementation. */
export function describeEventStore(name: string, open: Open): void {
  describe(name, () => {
    describe('appending', () => appending(open));
    describe('reading', () => reading(open));
    describe('subscribing', () => subscribing(open));
    describe('deciding', () => deciding(open));
    agreesWithModel(open);
  });
}
