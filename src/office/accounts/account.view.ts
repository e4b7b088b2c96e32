import type { Officer } from '../../../projections/officers.js';
import type { Duties, OfficerChange } from '../officers/officers.events.js';
import { roleNames } from '../officers/role-names.js';

/** An account as the pages of accounts show it. @param reader the account of who reads */
export function accountView({ account, addedAt, addedBy, change, latest, ...officer }: Officer, reader: string) {
  return {
    account,
    duties: dutiesInWords(officer),
    suspended: officer.suspended,
    ...accountState(officer),
    addedAt,
    addedBy: byInWords(addedBy),
    lastAt: latest[0]?.at,
    change: change && {
      id: change.id,
      at: change.at,
      by: change.by,
      reason: change.reason,
      what: changeInWords(change.what),
      isOwn: change.by === reader,
      mayApprove: change.by !== reader && account !== reader,
    },
  };
}

export function dutiesInWords({ roles, districts }: Duties): string {
  return [...roles.map((role) => roleNames[role]), ...districts].join('、');
}

export function changeInWords(what: OfficerChange): string {
  return what === 'reset' ? '清除密码和第二重验证，重新设置' : `角色改为：${dutiesInWords(what)}`;
}

function accountState({ suspended, hasPassword, hasFactor, codeUntil }: Omit<Officer, 'account' | 'addedAt' | 'addedBy' | 'change' | 'latest'>) {
  if (suspended) return { tone: 'bad', state: '已停用', codeUntil: undefined };
  if (hasPassword && hasFactor) return { tone: 'good', state: '使用中', codeUntil: undefined };
  return { tone: 'warn', state: hasPassword ? '还没有第二重验证' : '还没有密码', codeUntil };
}

function byInWords(by: string): string {
  return by === 'host' ? '主机上的命令' : by.replace(/^office:/, '');
}
