import { randomUUID } from 'node:crypto';
import type { Recorded, Stream } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { InstallationEvent } from './installation.events.js';

/** Which log this is: its first and only event says so for good. */
export type Installation = InstallationEvent['data'];

export const INSTALLATION: Stream = { name: 'installation' };

/** A newer release has recorded the installation in a shape that this one cannot read. */
export class UnreadableInstallation extends Error {
  override readonly name = 'UnreadableInstallation';
}

/**
 * The installation whose log this is; undefined where none was recorded yet.
 * @throws UnreadableInstallation
 */
export async function installationOf(events: EventStore): Promise<Installation | undefined> {
  const [[made] = []] = (await events.streams([INSTALLATION.name])) as readonly (readonly Recorded<InstallationEvent>[])[];
  if (made?.unknown) throw new UnreadableInstallation('a newer release has written the installation of this log');
  return made?.data;
}

/** Records the installation, and answers what holds: of several processes that do so at once, the first decides. */
export async function makeInstallation(events: EventStore, demo: boolean, prefix?: string): Promise<Installation> {
  const metadata = { by: 'installation', origin: 'office', command: randomUUID(), correlation: randomUUID() } as const;
  const made: InstallationEvent = { type: 'InstallationMade', data: { id: randomUUID(), demo, ...(prefix !== undefined && { prefix }) } };
  await events.append([{ stream: INSTALLATION, expected: 'no_stream', events: [{ ...made, id: randomUUID(), metadata }] }]);
  return (await installationOf(events)) as Installation;
}
