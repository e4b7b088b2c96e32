import { districtStream } from '../../catalogue/catalogue.streams.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { Duties } from './officers.events.js';
import { refused } from './officers.refusals.js';

/** @throws Refusal officer.district_unknown */
export async function assertDistricts({ districts }: Duties, events: EventStore): Promise<void> {
  const histories = await events.streams(districts.map((district) => districtStream(district).name));
  const unknown = districts.find((_, at) => histories[at]?.length === 0);
  if (unknown !== undefined) throw refused('officer.district_unknown', { district: unknown });
}
