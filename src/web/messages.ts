import type { Refusal } from '../event-store/refusal.js';

/** What a refusal says to a candidate; `{name}` stands for a value of the refusal. */
const messages: Readonly<Record<string, string>> = {
  'bill.unknown': '没有这张账单。',
  'bill.paid': '这张账单已经支付，不必再操作。',
  'bill.expired': '这张账单已经过期。',
  'bill.cancelled': '这张账单已经取消。',
  'bill.refunded': '这张账单的费用已经退还。',
  'payment.begun': '这张账单正在支付，支付平台还没有给出结果。请过几分钟再取消。',
  'payment.unresolved': '支付平台还没有给出上一次支付的结果，请稍后在账单查看。',
  'payment.too_often': '这张账单发起支付的次数太多。请联系区自考办。',
  'catalogue.search_too_long': '搜索内容太长，请输入 {most} 个字以内的课程代码或名称。',
};

/** The message of a refusal. A code without one is a fault of ours and is said as such. */
export function messageOf({ code, values }: Refusal): string {
  const message = messages[code];
  if (!message) throw new Error(`refusal ${code} has no message`);
  return message.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
