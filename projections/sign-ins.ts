import type { Device, IdentityEvent, SignInWay } from '../src/identity/identity.events.js';
import { bySubject, projection } from '../src/read-models/projection.js';
import type { RegistrationEvent } from '../src/registrations/registrations.events.js';
import type { Sealed } from '../src/vault/vault.js';

/** A sign-in: its time (ISO 8601, UTC), its way, and its device (sealed). */
export interface SignInEntry {
  readonly session: string;
  readonly at: string;
  readonly way: SignInWay;
  readonly device: Sealed<Device>;
}

/** Failed sign-ins with the right number and a wrong password on a day (`YYYY-MM-DD`, Beijing), with time and device of the last one. */
export interface FailedDay {
  readonly day: string;
  readonly times: number;
  readonly at: string;
  readonly device: Sealed<Device>;
}

/** The candidate's sign-ins, newest first: sessions not signed out (their cookies may have expired), the latest sign-ins, and failed ones. */
export interface SignIns {
  readonly open: readonly SignInEntry[];
  readonly latest: readonly SignInEntry[];
  readonly failed: readonly FailedDay[];
}

const MOST_OPEN = 50;
const MOST_LATEST = 20;
const MOST_DAYS = 20;

export const signIns = projection<SignIns, IdentityEvent | RegistrationEvent>({
  name: 'sign-ins',
  version: 1,
  earlierFingerprints: ['56586165a085f672'],
  key: bySubject,
  empty: { open: [], latest: [], failed: [] },
  instants: ['open.*.at', 'latest.*.at', 'failed.*.at'],
  money: [],
  on: {
    SignedIn: (doc, { data: { session, device, way = 'password' }, recordedAt: at }) => {
      const entry = { session, at, way, device };
      return { ...doc, open: [entry, ...doc.open].slice(0, MOST_OPEN), latest: [entry, ...doc.latest].slice(0, MOST_LATEST) };
    },
    SignedOut: (doc, { data: { session } }) => ({ ...doc, open: doc.open.filter((each) => each.session !== session) }),
    SignInsFailed: (doc, { data: { times, device }, recordedAt: at }) => {
      const day = dayOf(at);
      const before = doc.failed.find((each) => each.day === day)?.times ?? 0;
      return { ...doc, failed: [{ day, times: before + times, at, device }, ...doc.failed.filter((each) => each.day !== day)].slice(0, MOST_DAYS) };
    },
    CandidateForgotten: () => null,
  },
});

/** The day in Beijing, whose offset has not changed since 1991. */
function dayOf(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);
}
