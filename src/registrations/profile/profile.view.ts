import { DateTime } from 'luxon';
import type { Candidate } from '../../../projections/candidate.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { month, periodCode, ZONE } from '../../web/views/formats.js';
import type { Person } from '../registrations.events.js';
import { accountStateNames } from '../state-names.js';

/** The data of 基本信息. `person` is missing after the candidate was forgotten; what is not personal stays. */
export function profileView(
  { accountState, confirmed, district, registeredPeriod, photo }: Candidate,
  person: Person | undefined,
  catalogue: Pick<Catalogue, 'period'>,
  now: Date,
) {
  return {
    person: person && { ...person, bornIn: person.birth && month(person.birth), age: age(person.birth, now) },
    photo: photo?.slice(0, 12),
    registered: registeredPeriod ? `${catalogue.period(registeredPeriod)?.name ?? periodCode(registeredPeriod)}自学考试` : undefined,
    account: { state: accountStateNames[accountState], normal: accountState === 'normal' },
    district,
    confirmed,
  };
}

/** Whole years on this day in Beijing, from a birth date `YYYY-MM-DD`. */
function age(birth: string, now: Date): number | undefined {
  const born = DateTime.fromISO(birth, { zone: ZONE });
  if (!born.isValid) return undefined;
  const today = DateTime.fromJSDate(now, { zone: ZONE });
  const hadBirthday = today.toFormat('MM-dd') >= born.toFormat('MM-dd');
  return today.year - born.year - (hadBirthday ? 0 : 1);
}
