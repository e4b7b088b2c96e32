import type { CandidateMajor } from '../../projections/candidate.js';
import type { AccountState } from './registrations.events.js';

/** 账号状态 */
export const accountStates: Readonly<Record<AccountState, string>> = { normal: '正常', frozen: '冻结', suspended: '停考', closed: '注销' };

/** How a major is studied, in the order in which majors are listed. */
export const studyStates: Readonly<Record<CandidateMajor['state'], string>> = { studying: '学习中', graduated: '已毕业', left: '已离开' };
