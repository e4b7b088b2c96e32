import type { StreamRules } from '../../event-store/sqlite/log-integrity.js';

/** Each stream of these is about one candidate, its subject, whom its first event names. */
const ofCandidates: ReadonlySet<string> = new Set(['candidate', 'login', 'enrolment', 'results', 'bill', 'declaration', 'application']);
const others: ReadonlySet<string> = new Set([
  'installation',
  'import',
  'period',
  'course',
  'major',
  'district',
  'fees',
  'content',
  'declarations',
  'notice',
  'reconciliation',
  'task',
  'viewing',
  'officer',
  'correction',
]);

/** By which a log is checked. */
export const streamRules: StreamRules = { ofCandidates, others };

/** The categories of the centre's streams, before the first `-` of their names. In a log without a prefix the streams of other programs must have others. */
export const knownStreamCategories: ReadonlySet<string> = new Set([...ofCandidates, ...others]);
