import type { Stream } from '../event-store/event.js';
import type { ContentKey, DeclarationKind, FeeKind } from './catalogue.events.js';

export const periodStream = (period: string): Stream => ({ name: `period-${period}` });
export const courseStream = (course: string): Stream => ({ name: `course-${course}` });
export const majorStream = (major: string): Stream => ({ name: `major-${major}` });
export const districtStream = (district: string): Stream => ({ name: `district-${district}` });
export const feesStream = (kind: FeeKind): Stream => ({ name: `fees-${kind}` });
export const contentStream = (key: ContentKey): Stream => ({ name: `content-${key}` });
/** Not `declaration-`: under that prefix are the declarations of candidates. */
export const declarationPeriodStream = (kind: DeclarationKind, code: string): Stream => ({ name: `declarations-${kind}-${code}` });
