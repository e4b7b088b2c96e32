import { applications } from '../../../projections/applications.js';
import { bills } from '../../../projections/bills.js';
import { bills as billsV1 } from '../../../projections/bills.v1.js';
import { candidate } from '../../../projections/candidate.js';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { contents } from '../../../projections/contents.js';
import { corrections } from '../../../projections/corrections.js';
import { courses } from '../../../projections/courses.js';
import { declarationPeriods } from '../../../projections/declaration-periods.js';
import { declarations } from '../../../projections/declarations.js';
import { districts } from '../../../projections/districts.js';
import { endedSessions } from '../../../projections/ended-sessions.js';
import { fees } from '../../../projections/fees.js';
import { majors } from '../../../projections/majors.js';
import { notices } from '../../../projections/notices.js';
import { officers } from '../../../projections/officers.js';
import { paymentDues } from '../../../projections/payment-dues.js';
import { paymentDues as paymentDuesV1 } from '../../../projections/payment-dues.v1.js';
import { periods } from '../../../projections/periods.js';
import { receipts } from '../../../projections/receipts.js';
import { signIns } from '../../../projections/sign-ins.js';
import { sittings } from '../../../projections/sittings.js';
import { sittings as sittingsV1 } from '../../../projections/sittings.v1.js';
import { subjectStreamsBy } from '../../../projections/subject-streams.js';
import { tasks } from '../../../projections/tasks.js';
import { transactions } from '../../../projections/transactions.js';
import { viewings } from '../../../projections/viewings.js';
import type { Projection } from '../../read-models/projection.js';
import { knownEvents } from './events.js';

/** All read models of this release that pages show. */
export const knownProjections: readonly Projection[] = [
  candidate,
  candidateDistricts,
  sittings,
  bills,
  declarations,
  applications,
  endedSessions,
  signIns,
  periods,
  courses,
  majors,
  districts,
  fees,
  contents,
  declarationPeriods,
  notices,
  paymentDues,
  transactions,
  receipts,
  tasks,
  officers,
  viewings,
  corrections,
];

/** Earlier versions, which are served until the switch to the newer one: each in its released file, unchanged for its fingerprint, with its lift. */
const earlier: readonly Projection[] = [
  { ...billsV1, lift: (bills) => bills }, // fields added since may be missing
  { ...sittingsV1, lift: (sittings) => sittings }, // the lookup by course was added
  { ...paymentDuesV1, lift: (dues) => dues }, // the due times differ after a clock was set back
];

/** EventStoreDB has no index of events by candidate, so one is projected. */
const ofSubjects = subjectStreamsBy(Object.keys(knownEvents));

interface Chosen {
  readonly EVENT_STORE_URL?: string | undefined;
}

/** The read models that a process with these settings reads. */
export function servedFor({ EVENT_STORE_URL }: Chosen): readonly Projection[] {
  return EVENT_STORE_URL === undefined ? knownProjections : [...knownProjections, ofSubjects];
}

/** The read models that a process with these settings projects. */
export function projectionsFor(chosen: Chosen): readonly Projection[] {
  return [...servedFor(chosen), ...earlier];
}
