import type { Role } from '../officers/officers.events.js';

/** What a right is for, and who has it. */
interface RightDeclaration {
  readonly says: string;
  /** Whether it changes something, so that 审计 must not have it. One's own account is nobody else's business. */
  readonly changes: boolean;
  readonly roles: readonly Role[];
}

const EVERYBODY: readonly Role[] = ['city', 'approver', 'district', 'finance', 'auditor', 'operator', 'administrator'];

/** The table of rights: each route of the office, and each command that an officer runs, names one of them. docs/roles.md is made of it. */
export const rights = {
  own_account: { says: '看自己的登录并退出，再次验证第二重验证', changes: false, roles: EVERYBODY },
  home: { says: '打开今日', changes: false, roles: EVERYBODY },
  see_accounts: { says: '看办公室的账号', changes: false, roles: ['auditor', 'administrator'] },
  change_accounts: { says: '添加、停用和恢复账号，提出和批准更改、重设', changes: true, roles: ['administrator'] },
  tasks: { says: '看还没有办结的待办', changes: false, roles: ['city', 'approver', 'finance', 'auditor', 'operator'] },
  reset_codes: { says: '给本区核对过身份的考生发放重设密码的代码', changes: true, roles: ['district'] },
  work_tasks: { says: '办理、退回和办结待办', changes: true, roles: ['city', 'finance', 'operator'] },
  find_candidates: {
    says: '用 id 和编号查找考生，打开考生档案（区自考办只限本区）',
    changes: false,
    roles: ['city', 'approver', 'district', 'finance', 'auditor', 'operator'],
  },
  see_persons: {
    says: '看考生的姓名和准考证号，用姓名和号码查找，写明原因后看证件号码等',
    changes: false,
    roles: ['city', 'approver', 'district', 'finance', 'auditor'],
  },
  see_pages: { says: '看考生看到的页面', changes: false, roles: ['city', 'approver', 'district', 'auditor'] },
  see_unreleased_scores: { says: '看还没有发布的成绩', changes: false, roles: ['city', 'approver', 'auditor'] },
  see_raw_events: { says: '看事件的原文（密封的不打开）', changes: false, roles: ['auditor', 'operator'] },
  see_corrections: {
    says: '看更正和它们的预览（财务和区自考办只看自己提出的）',
    changes: false,
    roles: ['city', 'approver', 'district', 'finance', 'auditor'],
  },
  propose_corrections: { says: '提出更正（财务只限缴费，区自考办只限本区考生的现场确认）', changes: true, roles: ['city', 'district', 'finance'] },
  decide_corrections: { says: '批准、退回、撤回、撤销更正（批准别人提出的只限审批人）', changes: true, roles: ['city', 'approver', 'district', 'finance'] },
  see_viewings: { says: '查谁查看过考生的信息', changes: false, roles: ['auditor'] },
  reveal_persons: { says: '在命令行上看考生的个人信息，不分区，也不分成绩是否发布', changes: false, roles: ['city', 'approver', 'auditor'] },
  close_orders: { says: '在命令行上结束没有结果的订单', changes: true, roles: ['finance'] },
  correct_at_once: { says: '在命令行上不经审批更正考生的一项', changes: true, roles: ['city'] },
  forget_candidates: { says: '在命令行上永久删除考生的个人资料', changes: true, roles: ['city'] },
  import_data: { says: '在命令行上导入数据，撤销批次', changes: true, roles: ['city', 'operator'] },
} as const satisfies Readonly<Record<string, RightDeclaration>>;

export type Right = keyof typeof rights;

/** Whether one of the roles has the right. */
export function mayDo(roles: readonly Role[], right: Right): boolean {
  const allowed: readonly Role[] = rights[right].roles;
  return roles.some((role) => allowed.includes(role));
}
