import type { Role } from './officers.events.js';

export const roleNames: Readonly<Record<Role, string>> = {
  city: '市级经办',
  approver: '审批人',
  district: '区自考办',
  finance: '财务',
  auditor: '审计',
  operator: '运维',
  administrator: '账户管理员',
};

export function isRole(text: string): text is Role {
  return Object.hasOwn(roleNames, text);
}
