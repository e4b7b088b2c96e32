import type { OfficeMenuEntry } from '../../web/routes/officer.js';
import type { Role } from '../officers/officers.events.js';
import { mayDo, type Right } from '../rights/rights.js';

const entries: readonly (OfficeMenuEntry & { readonly right: Right })[] = [
  { right: 'home', href: '/office', label: '今日', icon: 'sun' },
  { right: 'find_candidates', href: '/office/candidates', label: '考生', icon: 'user-search' },
  { right: 'see_corrections', href: '/office/corrections', label: '更正', icon: 'square-pen' },
  { right: 'tasks', href: '/office/tasks', label: '待办', icon: 'list-todo' },
  { right: 'reset_codes', href: '/office/reset-code', label: '重设密码', icon: 'rotate-ccw-key' },
  { right: 'see_accounts', href: '/office/accounts', label: '账号', icon: 'users' },
  { right: 'see_viewings', href: '/office/viewings', label: '查看记录', icon: 'eye' },
  { right: 'own_account', href: '/office/me', label: '我的登录', icon: 'key-round' },
];

/** The pages that an officer may open, for the navigation. */
export function officeMenu(roles: readonly Role[]): readonly OfficeMenuEntry[] {
  return entries.filter(({ right }) => mayDo(roles, right)).map(({ href, label, icon }) => ({ href, label, icon }));
}
