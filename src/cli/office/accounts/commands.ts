import type { Role } from '../../../office/officers/officers.events.js';
import { isRole, roleNames } from '../../../office/officers/role-names.js';
import { type Command, command } from '../../program/command.js';
import { BadValue } from '../../program/errors.js';
import { argument, asText, flag, note, repeatedOption, requiredOption } from '../../program/parameters.js';

const NAMED = Object.entries(roleNames)
  .map(([role, name]) => `${role} ${name}`)
  .join('、');
const NAME = argument('NAME', '账号，由小写字母、数字和 . _ - 组成', asText);
const REASON = requiredOption('REASON', '为什么；不要写考生的姓名和号码', note);
const CODE_AGAIN = '可能已经记录了一个没有显示出来的代码。用 office reset-factor 给出新的，以前的不再有效。';

/** Accounts of the office on the host: how the first ones begin, and the way back when all factors are lost. */
export const accountCommands: readonly Command[] = [
  command({
    name: 'office add',
    group: 'office',
    says: '添加一个办公室的账号，给出一个 24 小时内设置一次密码的代码',
    arguments: { name: NAME },
    options: {
      role: { ...repeatedOption('ROLE', `角色：${NAMED}`), read: roles },
      district: repeatedOption('DISTRICT', '区的名称，如 西城区；只有区自考办的账号才写'),
    },
    example: 'office add admin-1 --role administrator',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => CODE_AGAIN,
    run: async (given, context) => (await import('./add.js')).runAdd(given, context),
  }),
  command({
    name: 'office login',
    group: 'office',
    says: '在命令行上登录，12 小时内有效：密码和验证码在终端上输入，或者作为标准输入的两行',
    arguments: { name: NAME },
    example: 'office login shi-1',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经登录。再次运行会再登录一次；在 /office/me 可以结束不用的登录。',
    run: async (given, context) => (await import('./login.js')).runLogin(given, context),
  }),
  command({
    name: 'office logout',
    group: 'office',
    says: '结束命令行上的登录',
    example: 'office logout',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经退出。再次运行同一条命令即可确认。',
    run: async (given, context) => (await import('./logout.js')).runLogout(given, context),
  }),
  command({
    name: 'office list',
    group: 'office',
    says: '列出办公室的所有账号、角色和状态',
    example: 'office list',
    needs: () => 'log',
    run: async (given, context) => (await import('./list.js')).runList(given, context),
  }),
  command({
    name: 'office suspend',
    group: 'office',
    says: '停用一个办公室的账号，或者恢复使用',
    arguments: { name: NAME },
    options: { lift: flag('恢复使用'), reason: REASON },
    example: 'office suspend finance-1 --reason 已调离',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => '可能已经记录。再次运行同一条命令即可确认，不会重复记录。',
    run: async (given, context) => (await import('./suspend.js')).runSuspend(given, context),
  }),
  command({
    name: 'office reset-factor',
    group: 'office',
    says: '清除一个账号的密码和第二重验证，给出一个 24 小时内重新设置一次密码的代码',
    arguments: { name: NAME },
    options: { reason: REASON },
    example: 'office reset-factor admin-1 --reason 手机和恢复码都已丢失',
    needs: () => 'log-and-vault',
    writes: () => true,
    mayHaveDone: () => CODE_AGAIN,
    run: async (given, context) => (await import('./reset-factor.js')).runResetFactor(given, context),
  }),
];

function roles(given: unknown): readonly Role[] {
  const asked = Array.isArray(given) ? [...new Set(given.map(String))] : [];
  if (asked.length === 0) throw new BadValue('必须给出');
  return asked.map((each) => {
    if (!isRole(each)) throw new BadValue(`应为 ${Object.keys(roleNames).join('、')} 之一`);
    return each;
  });
}
