import type { Catalogue } from '../catalogue/catalogue.js';
import { periodCode } from '../web/formats.js';
import type { Account } from './accounts.js';

/** One of a person's admission numbers, as told from the others. */
export function numberView({ candidate, safe }: Account, catalogue: Catalogue) {
  return {
    admissionNo: candidate.person && safe.open(candidate.person)?.admissionNo,
    registered: candidate.registeredPeriod && (catalogue.period(candidate.registeredPeriod)?.name ?? periodCode(candidate.registeredPeriod)),
    majors: candidate.majors
      .filter(({ state }) => state === 'studying')
      .map(({ major }) => catalogue.major(major)?.name ?? major)
      .join('、'),
  };
}
