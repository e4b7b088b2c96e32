import { stopWithinDeadline } from '../processes/stop-within-deadline.js';
import { checkServingSettings, readSettings } from '../settings/settings.js';
import { type CommandOptions, printLine } from './output.js';

/** `start`: serves until SIGTERM or SIGINT, then lets what is in hand finish. */
export async function runStart({ json }: CommandOptions): Promise<void> {
  checkServingSettings(readSettings(process.env)); // what is wrong with them is said at once, not when all that a centre needs is loaded
  const { start } = await import('../main.js');
  const { address, demo, sandboxes = [], stop } = await start();
  // before anybody reads that it has started; the listeners stay: a signal that comes twice, from the terminal and from npm, ends nothing in the middle
  const told = new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
  printLine(address ? `个人中心已启动：${address}` : '个人中心已启动');
  if (demo.length > 0) printLine('可以试用的演示账号：');
  for (const { label, admissionNo, citizenNo, password, shows } of demo) {
    printLine(`  ${label}　${citizenNo ? `身份证号 ${citizenNo}` : `准考证号 ${admissionNo}`}　密码 ${password}　${shows}`);
  }
  for (const { name, address: at } of sandboxes) printLine(`${name}由沙盒代替，从页面上的按钮进入：${at}`);
  if (json) printLine(JSON.stringify({ address: address ?? null, demo, sandboxes }));
  await told;
  await stopWithinDeadline(stop);
}
