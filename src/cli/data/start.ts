import { stopWithinDeadline } from '../../processes/stop-within-deadline.js';
import { checkServingSettings } from '../../settings/settings.js';
import type { CommandResult, Context } from '../program/command.js';

/** `start`: serves until SIGTERM or SIGINT, then lets what is in hand finish. */
export async function runStart({ settings, out }: Context): Promise<CommandResult> {
  checkServingSettings(settings); // what is wrong with them is said at once, not when all that a centre needs is loaded
  const { start } = await import('../../main.js');
  const { address, demo, officers = [], sandboxes = [], stop } = await start();
  // before anybody reads that it has started; the listeners stay: a signal that comes twice, from the terminal and from npm, ends nothing in the middle
  const told = new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
  out.answer(address ? `个人中心已启动：${address}` : '个人中心已启动');
  if (demo.length > 0) out.answer('可以试用的演示账号：');
  for (const { label, admissionNo, citizenNo, password, shows } of demo) {
    out.answer(`  ${label}　${citizenNo ? `身份证号 ${citizenNo}` : `准考证号 ${admissionNo}`}　密码 ${password}　${shows}`);
  }
  if (officers.length > 0) out.answer(`可以试用的办公室账号，第一次用代码设置密码：${address ?? ''}/office/login/code`);
  for (const { account, role, code } of officers) out.answer(`  ${role}　账号 ${account}　${code ? `代码 ${code}` : '已设置密码'}`);
  for (const { name, address: at } of sandboxes) out.answer(`${name}由沙盒代替，从页面上的按钮进入：${at}`);
  return {
    json: { address: address ?? null, demo, officers, sandboxes },
    afterwards: async () => {
      await told;
      await stopWithinDeadline(stop);
    },
  };
}
