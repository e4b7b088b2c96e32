import { describe } from '@jest/globals';
import { appending } from './appending.conformance.js';
import { deciding } from './deciding.conformance.js';
import { lookingBack } from './looking-back.conformance.js';
import { agreesWithModel } from './model.conformance.js';
import type { Open } from './opened-log.js';
import { reading } from './reading.conformance.js';
import { sharingReleases } from './releases.conformance.js';
import { subscribing } from './subscribing.conformance.js';

/**
 * The contract of the port EventStore, for every implementation.
 * @param isStored whether others write to the log too, of other releases; otherwise it ends with its process
 */
export function describeEventStore(name: string, open: Open, { isStored = true } = {}): void {
  describe(name, () => {
    describe('Appending', () => appending(open));
    describe('Reading', () => reading(open));
    describe('Subscribing', () => subscribing(open));
    describe('Deciding', () => deciding(open));
    agreesWithModel(open);
    if (isStored) describe('Looking back', () => lookingBack(open));
    if (isStored) describe('Sharing a log between releases', () => sharingReleases(open));
  });
}
