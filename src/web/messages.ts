import type { Refusal } from '../event-store/refusal.js';
import { moment } from './formats.js';

/** What a refusal says to a candidate; `{name}` stands for a value of the refusal, which is shown in Beijing's time where it is an instant. */
const messages: Readonly<Record<string, string>> = {
  'bill.unknown': '没有这张账单。',
  'bill.paid': '这张账单已经支付，不必再操作。',
  'bill.expired': '这张账单已经过期。',
  'bill.cancelled': '这张账单已经取消。',
  'bill.refunded': '这张账单的费用已经退还。',
  'payment.begun': '这张账单正在支付，支付平台还没有给出结果。请过几分钟再取消。',
  'payment.unresolved': '支付平台还没有给出上一次支付的结果，请稍后在账单查看。',
  'payment.checking': '这张账单的金额正在核对，请不要再付款。核对完以前不能取消。',
  'payment.too_often': '这张账单发起支付的次数太多。请联系区自考办。',
  'candidate.closed': '这个账号已经注销。',
  'password.missing': '请填写原密码，并把新密码填写两遍。',
  'password.missing_new': '请把新密码填写两遍。',
  'password.differs': '两次填写的新密码不一样，请重新填写。',
  'password.short': '新密码太短，至少要 8 个字符。可以用一句话，可以有空格和汉字。',
  'password.long': '新密码太长，最多 200 个字符。',
  'password.unreadable': '新密码里有不能显示的字符，请重新填写。',
  'password.common': '这个密码用的人太多，很容易被猜到，请换一个。',
  'password.personal': '新密码主要是您的姓名、生日或号码，很容易被猜到，请换一个。',
  'password.same': '新密码和原密码一样，请换一个。',
  'password.wrong_old': '原密码不对，请检查后再试。',
  'password.none': '这个账号还没有密码。请退出后，在登录页面的“忘记密码”里设置。',
  'password.replaced_meanwhile': '密码刚才已经在别处改过，请用新的密码再试。',
  'login.overtaken': '密码刚刚改过，或者登录刚刚被退出。请重新登录。',
  'login.too_often': '这个账号一小时内登录的次数太多，请在 {again} 以后再试。',
  'reset.missing': '请填写号码和重设码。',
  'reset.not_proved': '号码或重设码不对，或者重设码已经用过、已经过期。请检查后再试；还不行，请到区自考办重新领取。',
  'reset.expired': '北京通的验证已经过期或用过，请重新从北京通进入。',
  'catalogue.search_too_long': '搜索内容太长，请输入 {most} 个字以内的课程代码或名称。',
};

/** The message of a refusal. A code without one is a fault of ours and is said as such. */
export function messageOf({ code, values }: Refusal): string {
  const message = messages[code];
  if (!message) throw new Error(`refusal ${code} has no message`);
  return message.replace(/\{(\w+)\}/g, (_, name: string) => shown(values[name] ?? ''));
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function shown(value: string | number): string {
  return typeof value === 'string' && INSTANT.test(value) ? moment(value) : String(value);
}
