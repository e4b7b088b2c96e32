import type { Candidate } from '../../../projections/candidate.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import { isReached } from '../../catalogue/window.js';
import { deadline, moment, periodCode, windowEnd } from '../../web/views/formats.js';
import type { Person } from '../registrations.events.js';

/**
 * The data of 现场确认区县: `done` for a confirmed candidate, `voucher` for one who must still appear, `lapsed` once the time to
 * confirm is over (docs/domain.md, rule 1). Without a known end the voucher stays.
 */
export function confirmationView(
  { confirmed, district, registeredPeriod }: Candidate,
  person: Person | undefined,
  catalogue: Pick<Catalogue, 'district' | 'period'>,
  now: Date,
) {
  const period = catalogue.period(registeredPeriod);
  const name = period?.name ?? periodCode(registeredPeriod);
  const { opens, closes = period?.registration.closes } = period?.confirmation ?? {};
  if (confirmed) return { state: 'done' as const, period: name, district };
  if (closes !== undefined && isReached(closes, now)) return { state: 'lapsed' as const, period: name, closed: windowEnd(closes) };
  return {
    state: 'voucher' as const,
    title: `${name}考试现场确认凭单`,
    person: person && { name: person.name, stars: '*'.repeat([...person.idNo].length), idType: person.idType },
    district,
    office: catalogue.district(district),
    opens: opens !== undefined && !isReached(opens, now) ? moment(opens) : undefined,
    closes: closes && deadline(closes, now.getTime()),
  };
}
