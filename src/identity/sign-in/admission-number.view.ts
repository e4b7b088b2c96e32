import type { CandidateMajor } from '../../../projections/candidate.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { openedPerson } from '../../registrations/person.js';
import { accountStateNames, studyStateNames } from '../../registrations/state-names.js';
import { periodCode } from '../../web/views/formats.js';
import type { Account } from './accounts.js';

/** One of a person's admission numbers, with what distinguishes it from the others. */
export function admissionNumberView({ candidate, safe }: Account, catalogue: Catalogue) {
  return {
    admissionNo: openedPerson(candidate, safe)?.admissionNo,
    registered: candidate.registeredPeriod && (catalogue.period(candidate.registeredPeriod)?.name ?? periodCode(candidate.registeredPeriod)),
    majors: [...candidate.majors].sort(byState).map(({ major, state }) => {
      const known = catalogue.major(major);
      return { name: known ? `${known.name}（${known.level}）` : major, state: studyStateNames[state] };
    }),
    account: candidate.accountState === 'normal' ? undefined : accountStateNames[candidate.accountState],
  };
}

/** In the order of studyStates: majors in study first. */
function byState(one: CandidateMajor, other: CandidateMajor): number {
  const order = Object.keys(studyStateNames);
  return order.indexOf(one.state) - order.indexOf(other.state);
}
