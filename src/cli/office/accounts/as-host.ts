import { randomUUID } from 'node:crypto';
import { type Domain, withDomain } from '../../../composition/domain.js';
import { causedBy } from '../../../event-store/cause.js';
import type { Settings } from '../../../settings/settings.js';

/** Works on accounts of the office as whoever runs the host: what is recorded says so, since no officer has signed in. */
export function asHost<T>(settings: Settings, why: string | undefined, work: (domain: Domain) => Promise<T>): Promise<T> {
  const cause = { by: 'host', origin: 'office', correlation: randomUUID(), ...(why !== undefined && { why }) } as const;
  return withDomain(settings, (domain) => causedBy(cause, () => work(domain)));
}
