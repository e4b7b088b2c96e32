import { refusals } from '../event-store/refusal.js';

export const refused = refusals({
  'bill.unknown': '没有这张账单。',
  'bill.of_another': '这个账单号属于另一位考生。',
  'bill.number_taken': '账单号 {bill} 已经用过。',
  'bill.paid': '这张账单已经支付，不必再操作。',
  'bill.expired': '这张账单已经过期。',
  'bill.cancelled': '这张账单已经取消。',
  'bill.refunded': '这张账单的费用已经退还。',
  'bill.at_platform': '账单 {bill} 是在支付平台支付的，以平台为准：请通过对账或退款处理。',
  'bill.no_paid_at': '账单 {bill} 更正为已缴费时，要写明缴费时间。',
  'bill.needless_paid_at': '账单 {bill} 没有缴费，不应有缴费时间。',
  'bill.not_ended': '账单 {bill} 是这里开出的，还没有结束：请先更正为已取消。',
  'bill.has_receipt': '账单 {bill} 已经开出票据，不能撤回。',
  'payment.begun': '这张账单正在支付，支付平台还没有给出结果。请过几分钟再取消。',
  'payment.unresolved': '支付平台还没有给出上一次支付的结果，请稍后在账单查看。',
  'payment.checking': '这张账单的金额正在核对，请不要再付款。核对完以前不能取消。',
  'payment.too_often': '这张账单发起支付的次数太多。请联系区自考办。',
  'receipt.unpaid': '这张账单没有缴费，不应有票据。',
});
