import type { CandidateMajor } from '../../projections/candidate.js';
import type { AccountState } from './registrations.events.js';

/** 账号状态 */
export const accountStateNames: Readonly<Record<AccountState, string>> = { normal: '正常', frozen: '冻结', suspended: '停考', closed: '注销' };

/** The states of a candidate's major, in the order in which majors are listed. */
export const studyStateNames: Readonly<Record<CandidateMajor['state'], string>> = { studying: '学习中', graduated: '已毕业', left: '已离开' };
