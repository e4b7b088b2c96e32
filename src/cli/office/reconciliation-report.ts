import type { ComparedMovement } from '../../payments/reconciliation/compare-with-ledger.js';
import type { Finding } from '../../payments/reconciliation/reconciliation.events.js';
import { MAX_SHOWN, type Reconciliation } from '../../payments/reconciliation/reconciling.js';
import { money } from '../../web/views/formats.js';
import { beijing } from '../program/beijing-time.js';

const says: Readonly<Record<Finding, string>> = {
  matched: '收款相符',
  paid_twice: '重复支付，应退款',
  theirs_only: '只有平台有，已补记',
  unknown_order: '没有这个订单，待人工处理',
  misplaced: '本系统记在别的账单或订单上，待人工处理',
  amount_differs: '金额不符，待人工处理',
  refund_matched: '退款相符',
  refund_noted: '平台已退款，已补记',
  refund_differs: '退款不符，待人工处理',
  ours_only: '只有本系统有，待人工处理',
};

/** What was found of a day, for people, in lines. */
export function* reconciliationLines({ day, fen, final, findings, shown, recorded }: Reconciliation): Generator<string> {
  yield `${day} 对账：平台净收 ${yuan(fen)}`;
  for (const [finding, { count, fen: sum }] of Object.entries(findings) as [Finding, { count: number; fen: number }][]) {
    if (count === 0 && finding !== 'matched') continue;
    yield `${says[finding]}：${count} 笔，${yuan(sum)}`;
    for (const each of shown) if (each.finding === finding) yield `  ${lineOf(each)}`;
    if (finding !== 'matched' && finding !== 'refund_matched' && count > MAX_SHOWN) yield `  ……另有 ${count - MAX_SHOWN} 笔没有列出`;
  }
  if (!final) yield `${day} 还没有结束，或者文件还不是最终的：没有核对“只有本系统有”的款项，请在次日 01:00 以后用最终文件再次运行`;
  yield recorded === 0 ? '没有新的内容要记录' : `记录事件 ${recorded} 条`;
}

function lineOf({ movement: { kind, order, transaction, fen, at }, ours = {} }: ComparedMovement): string {
  const differs = [
    ours.fen !== undefined && `本系统记为 ${yuan(ours.fen)}`,
    ours.order !== undefined && `本系统记在订单 ${ours.order}`,
    ours.bill !== undefined && `本系统记在账单 ${ours.bill}`,
  ];
  return [`${kind === 'refund' ? '退款' : '收款'} ${transaction}`, `订单 ${order}`, yuan(fen), beijing(at), ...differs].filter(Boolean).join('，');
}

function yuan(fen: number): string {
  return `${fen < 0 ? '-' : ''}${money(Math.abs(fen))} 元`;
}
