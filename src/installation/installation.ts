import { randomUUID } from 'node:crypto';
import type { Recorded, Stream } from '../event-store/event.js';
import type { EventStore } from '../event-store/event-store.js';
import type { InstallationEvent } from './installation.events.js';

/** The identity of a log, recorded once and never changed. */
export type Installation = InstallationEvent['data'];

export const INSTALLATION_STREAM: Stream = { name: 'installation' };

/** A newer release recorded the installation in a form that this one cannot read. */
export class UnreadableInstallation extends Error {
  override readonly name = 'UnreadableInstallation';
}

/**
 * The installation that the log belongs to; undefined when none is recorded yet.
 * @throws UnreadableInstallation
 */
export async function readInstallation(events: EventStore): Promise<Installation | undefined> {
  const [[made] = []] = (await events.streams([INSTALLATION_STREAM.name])) as readonly (readonly Recorded<InstallationEvent>[])[];
  if (made?.unknown) throw new UnreadableInstallation('这份日志的安装由更新的版本写成：请使用那个版本');
  return made?.data;
}

/** Records an installation and returns the recorded one: when several processes do so at once, the first wins. */
export async function recordInstallation(events: EventStore, demo: boolean, prefix?: string): Promise<Installation> {
  const metadata = { by: 'installation', origin: 'office', command: randomUUID(), correlation: randomUUID() } as const;
  const made: InstallationEvent = { type: 'InstallationMade', data: { id: randomUUID(), demo, ...(prefix !== undefined && { prefix }) } };
  await events.append([{ stream: INSTALLATION_STREAM, expected: 'no_stream', events: [{ ...made, id: randomUUID(), metadata }] }]);
  return (await readInstallation(events)) as Installation;
}
