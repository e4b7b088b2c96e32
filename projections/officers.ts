import type { Device } from '../src/identity/identity.events.js';
import type { Duties, FactorProof, FailedStep, OfficerChange, OfficerEvent } from '../src/office/officers/officers.events.js';
import { projection } from '../src/read-models/projection.js';
import type { Sealed } from '../src/vault/vault.js';

/** A sign-in, or the second factor proved again (`again`): when (ISO 8601, UTC), on what device (sealed), and by what. */
export interface OfficerSignIn {
  readonly session: string;
  readonly at: string;
  readonly device: Sealed<Device>;
  readonly by: 'code' | 'recovery' | 'passkey';
  readonly again?: boolean | undefined;
}

/** Failed sign-ins of an hour: how often, at what, and when and on what device (sealed) the last time. */
export interface FailedHour {
  readonly step: FailedStep;
  readonly at: string;
  readonly times: number;
  readonly device: Sealed<Device>;
}

/** An account of the office by its name; instants in UTC, `addedBy` as in the event's metadata. Nothing secret is here. */
export interface Officer extends Duties {
  readonly account: string;
  readonly addedAt: string;
  readonly addedBy: string;
  readonly suspended: boolean;
  readonly hasPassword: boolean;
  readonly hasFactor: boolean;
  readonly recoveryLeft: number;
  readonly passkeys: readonly { readonly passkey: string; readonly name: string; readonly addedAt: string }[];
  /** What an administrator has proposed and nobody has decided. */
  readonly change?: { readonly id: string; readonly at: string; readonly by: string; readonly what: OfficerChange; readonly reason: string } | undefined;
  /** Until when the one-time code sets a password; missing when there is none that is unused. */
  readonly codeUntil?: string | undefined;
  /** Sessions that were not ended early, and the latest proofs of the factor; the newest first. */
  readonly sessions: readonly OfficerSignIn[];
  readonly latest: readonly OfficerSignIn[];
  /** The newest first; missing where there was none. */
  readonly failed?: readonly FailedHour[];
}

/** As many as an account can have open (officer.decider.ts). */
const MOST_SESSIONS = 50;
const MOST_LATEST = 30;
const MOST_PASSKEYS = 10;

export const officers = projection<Officer, OfficerEvent>({
  name: 'officers',
  version: 1,
  earlierFingerprints: ['2bb2ec1920574a68'],
  key: ({ data }) => data.officer,
  empty: {
    account: '',
    roles: [],
    districts: [],
    addedAt: '',
    addedBy: '',
    suspended: false,
    hasPassword: false,
    hasFactor: false,
    recoveryLeft: 0,
    passkeys: [],
    sessions: [],
    latest: [],
  },
  instants: ['addedAt', 'codeUntil', 'change.at', 'passkeys.*.addedAt', 'sessions.*.at', 'latest.*.at', 'failed.*.at'],
  money: [],
  indexes: { account: ({ account }) => account, proposed: ({ change }) => change?.at },
  on: {
    OfficerAdded: (doc, { data: { officer, roles, districts, until }, recordedAt, metadata: { by } }) => ({
      ...doc,
      account: officer,
      roles,
      districts,
      addedAt: recordedAt,
      addedBy: by,
      codeUntil: until,
    }),
    OfficerReset: ({ change: _, ...doc }, { data: { until } }) => ({
      ...doc,
      sessions: [],
      hasPassword: false,
      hasFactor: false,
      recoveryLeft: 0,
      passkeys: [],
      codeUntil: until,
    }),
    OfficerPasswordSet: ({ codeUntil: _, ...doc }) => ({ ...doc, hasPassword: true }),
    OfficerFactorEnrolled: (doc, { data: { recovery } }) => ({ ...doc, hasFactor: true, recoveryLeft: recovery.length }),
    OfficerPasskeyEnrolled: (doc, { data: { passkey, name, recovery }, recordedAt: addedAt }) => ({
      ...withPasskey(doc, { passkey, name, addedAt }),
      hasFactor: true,
      recoveryLeft: recovery.length,
    }),
    OfficerPasskeyAdded: (doc, { data: { passkey, name }, recordedAt: addedAt }) => withPasskey(doc, { passkey, name, addedAt }),
    OfficerPasskeyRemoved: (doc, { data: { passkey } }) => ({ ...doc, passkeys: doc.passkeys.filter((each) => each.passkey !== passkey) }),
    OfficerSuspended: (doc) => ({ ...doc, sessions: [], suspended: true }),
    OfficerReinstated: (doc) => ({ ...doc, suspended: false }),
    OfficerChangeProposed: (doc, { data: { change: id, by, what, reason }, recordedAt: at }) => ({ ...doc, change: { id, at, by, what, reason } }),
    OfficerChangeDeclined: ({ change: _, ...doc }) => doc,
    OfficerDutiesChanged: ({ change: _, ...doc }, { data: { roles, districts } }) => ({
      ...doc,
      sessions: [],
      roles,
      districts,
    }),
    OfficerSignedIn: (doc, { data: { session, device, proof }, recordedAt: at }) => {
      const entry = { session, at, device, by: wayOf(proof) };
      return { ...proved(doc, proof, entry), sessions: [entry, ...doc.sessions].slice(0, MOST_SESSIONS) };
    },
    OfficerFactorProved: (doc, { data: { session, device, proof }, recordedAt: at }) =>
      proved(doc, proof, { session, at, device, by: wayOf(proof), again: true }),
    OfficerSignedOut: (doc, { data: { session } }) => ({ ...doc, sessions: doc.sessions.filter((each) => each.session !== session) }),
    OfficerSignInsFailed: (doc, { data: { at: step, times, device }, recordedAt: at }) => {
      const failed = doc.failed ?? [];
      const same = failed.find((each) => each.step === step && hourOf(each.at) === hourOf(at));
      const rest = failed.filter((each) => each !== same);
      return { ...doc, failed: [{ step, at, times: times + (same?.times ?? 0), device }, ...rest].slice(0, MOST_LATEST) };
    },
  },
});

/** The hour, which is one in Beijing too. */
function hourOf(instant: string): string {
  return instant.slice(0, 13);
}

function withPasskey(doc: Officer, passkey: Officer['passkeys'][number]): Officer {
  return { ...doc, passkeys: [...doc.passkeys, passkey].slice(-MOST_PASSKEYS) };
}

function wayOf(proof: FactorProof): OfficerSignIn['by'] {
  return 'step' in proof ? 'code' : 'recovery' in proof ? 'recovery' : 'passkey';
}

function proved(doc: Officer, proof: FactorProof, entry: OfficerSignIn): Officer {
  const recoveryLeft = 'recovery' in proof ? doc.recoveryLeft - 1 : doc.recoveryLeft;
  return { ...doc, recoveryLeft, latest: [entry, ...doc.latest].slice(0, MOST_LATEST) };
}
