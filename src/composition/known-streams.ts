/**
 * What the names of the centre's streams begin with, before the first `-`: by that they are told from those of other programs
 * in a log without a prefix of its own.
 */
export const knownCategories: ReadonlySet<string> = new Set([
  'installation',
  'period',
  'course',
  'major',
  'district',
  'fees',
  'content',
  'declarations',
  'notice',
  'candidate',
  'login',
  'enrolment',
  'results',
  'bill',
  'reconciliation',
  'declaration',
  'application',
  'task',
]);
