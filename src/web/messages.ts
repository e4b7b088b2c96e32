import type { Refusal } from '../event-store/refusal.js';

/** What a refusal says to a candidate; `{name}` stands for a value of the refusal. */
const messages: Readonly<Record<string, string>> = {
  'catalogue.search_too_long': '搜索内容太长，请输入 {most} 个字以内的课程代码或名称。',
};

/** The message of a refusal. A code without one is a fault of ours and is said as such. */
export function messageOf({ code, values }: Refusal): string {
  const message = messages[code];
  if (!message) throw new Error(`refusal ${code} has no message`);
  return message.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
