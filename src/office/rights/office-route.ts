import { applyDecorators, SetMetadata } from '@nestjs/common';
import { OFFICE } from '../../web/routes/officer.js';
import { Public } from '../../web/routes/visitor.js';
import type { Right } from './rights.js';

/** What a route of the office asks of whoever opens it. */
export interface OfficeRouteMark {
  /** `none`: the ways in, for those who have not signed in. */
  readonly right: Right | 'none';
  /** Whether the second factor must have been proved in the last minutes. */
  readonly isSensitive: boolean;
  /** Whether it is open to a session that must prove its factor again, or whose read model is behind: to do that, or to sign out. */
  readonly isAlwaysOpen: boolean;
}

/** Marks a route of the office, or all of a page. A route under /office without a mark answers nobody. */
export function OfficeRoute(right: Right | 'none', { isSensitive = false, isAlwaysOpen = false }: Partial<Omit<OfficeRouteMark, 'right'>> = {}) {
  const mark: OfficeRouteMark = { right, isSensitive, isAlwaysOpen };
  return right === 'none' ? applyDecorators(SetMetadata(OFFICE, mark), Public()) : SetMetadata(OFFICE, mark);
}
