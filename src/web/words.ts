import type { AccountState } from '../registrations/registrations.events.js';

/** 账号状态 */
export const accountStates: Readonly<Record<AccountState, string>> = { normal: '正常', frozen: '冻结', suspended: '停考', closed: '注销' };
