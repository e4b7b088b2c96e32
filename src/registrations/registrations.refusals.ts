import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'candidate.unknown': '没有这个准考证号。',
  'candidate.forgotten': '这个考生的信息已经删除。',
  'candidate.closed': '这个账号已经注销。',
  'candidate.nothing_named': '请写明要更正什么。',
  'person.contradicts': '身份证号码有误，或与性别、出生日期不符。',
  'person.unknown_district': '没有考区 {district}。',
  'candidate.billed': '这个考生还有待缴费或已缴费的账单，请先更正账单。',
  'person.voided_alone': '撤回登记时不要同时写其他列。',
  'confirmation.not_open': '这个考期的现场确认还没有开始。',
  'confirmation.closed': '这个考期的现场确认已经结束。',
  'major.unknown': '没有专业 {major}。',
  'major.unknown_period': '没有考期 {period}。',
  'major.no_period': '专业 {major} 原来没有记录，要写明加入的考期。',
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
  'reset.missing': '请填写号码和重设码。',
  'reset.not_proved': '号码或重设码不对，或者重设码已经用过、已经过期。请检查后再试；还不行，请到区自考办重新领取。',
  'reset.expired': '北京通的验证已经过期或用过，请重新从北京通进入。',
});

/** The codes of refusals. */
export type PasswordRefusal = Parameters<typeof refused>[0];
