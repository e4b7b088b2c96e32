import { type Officer, officers } from '../../../../projections/officers.js';
import { roleNames } from '../../../office/officers/role-names.js';
import { beijing } from '../../program/beijing-time.js';
import type { CommandResult, Context } from '../../program/command.js';
import { caughtUp } from '../../read-models/caught-up.js';
import { reading } from '../../read-models/reading.js';

/** Accounts that are read at a time. */
const PAGE = 200;

/** `office list`: all accounts of the office by name. */
export function runList(_: unknown, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async (stores) => {
    await caughtUp(stores, [officers]);
    const accounts: object[] = [];
    for (let after: string | undefined; ; ) {
      const page = await stores.readModels.list(officers, 'account', after, PAGE);
      for (const { document } of page) {
        out.answer(lineOf(document));
        accounts.push({ ...document, addedAt: beijing(document.addedAt), ...(document.codeUntil && { codeUntil: beijing(document.codeUntil) }) });
      }
      if (page.length < PAGE) break;
      after = page.at(-1)?.cursor;
    }
    out.answer(accounts.length === 0 ? '还没有账号：用 office add 添加' : `共 ${accounts.length} 个账号`);
    return { json: { accounts } };
  });
}

function lineOf({ account, roles, districts, addedAt, addedBy, suspended, hasPassword, codeUntil }: Officer): string {
  const state = suspended ? '已停用' : hasPassword ? '使用中' : codeUntil ? `等待设置密码（代码到 ${beijing(codeUntil)}）` : '没有密码';
  const duties = [...roles.map((role) => roleNames[role]), ...districts].join('、');
  return `${account}　${duties}　${state}　${beijing(addedAt)} 由 ${addedBy === 'host' ? '主机上的命令' : addedBy} 添加`;
}
