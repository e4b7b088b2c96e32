import type { TestCentre } from '../../centre.js';
import { announce, bill, enrolled, seated } from '../../web/announced.js';

export const ONE = '119988000001';
export const PERIOD = '2610';

/** A candidate with a fact of each kind that is corrected. Returns the bill's number. */
export async function everythingToCorrect(centre: TestCentre): Promise<string> {
  await announce(centre);
  await centre.rows('majors', { code: '01B0302', name: '法学', level: '专升本', university: '中国政法大学', state: 'open' });
  await centre.candidate(ONE);
  await enrolled(centre, ONE, PERIOD, '00015', '00227');
  await centre.rows('scores', { admission_no: ONE, period: PERIOD, course: '00015', score: '58' });
  await seated(centre, ONE, '00015', '一中');
  await centre.rows('candidate_majors', { admission_no: ONE, major: '01B0302', state: 'studying', added_period: PERIOD });
  const declared = { admission_no: ONE, kind: 'graduation', period: '2026A', major: '01B0302', university: '中国政法大学' };
  await centre.rows('declarations', { id: 'D-1', ...declared, state: 'submitted', applied_on: '2026-10-01', remark: '旧备注' });
  await centre.rows('status_applications', { id: 'S-1', admission_no: ONE, kind: 'transfer_out', state: 'submitted', remark: '旧备注' });
  return bill(centre, ONE, '2604', ['00230'], { state: 'due' });
}
