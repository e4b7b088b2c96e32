import { type CommandOptions, say } from './output.js';

/** `start`: serves until SIGTERM or SIGINT, then lets what is in hand finish. */
export async function runStart({ json }: CommandOptions): Promise<void> {
  const { start } = await import('../main.js');
  const centre = await start();
  if (json) say(JSON.stringify({ address: centre.address ?? null, demo: centre.demo }));
  else say(centre.address ? `个人中心已启动：${centre.address}` : '个人中心已启动');
  for (const { label, citizenNo, admissionNo, password, shows } of json ? [] : centre.demo)
    say(`  ${label}：${citizenNo ?? admissionNo}  密码 ${password}\n    ${shows}`);
  // the listeners stay: a signal that comes twice, from the terminal and from npm, ends nothing in the middle
  await new Promise<unknown>((resolve) => process.on('SIGTERM', resolve).on('SIGINT', resolve));
  await centre.stop();
}
