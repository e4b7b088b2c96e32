import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'declaration.unknown': '没有这项申报。',
  'declaration.of_another': '这项申报属于另一位考生。',
  'declaration.not_open': '现在不在申报时间内。',
  'declaration.closed': '申报已经截止。',
  'declaration.not_studied': '您没有注册专业 {major}，不能申报。',
  'declaration.declared': '专业 {major} 已经申报过。',
  'declaration.no_fee': '申报的费用还没有公布。',
  'declaration.nothing_named': '请写明要更正的状态、审核日期或备注。',
  'declaration.paid_here': '这项申报已经在这里缴费。缴费记错的，请先更正账单。',
  'declaration.billed': '这项申报的账单还没有结束，请先取消或更正账单。',
  'declaration.ended': '这项申报已经撤销或没有通过。',
});
