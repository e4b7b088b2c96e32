import { z } from 'zod';
import { currentState } from '../../../event-store/reading/current-state.js';
import { billNo, instant, oneOf, optional } from '../../../imports/files/columns.js';
import { correctionKind, NONE } from '../../../office/corrections/correction.js';
import { moment } from '../../../web/views/formats.js';
import { billStream } from '../../payments.streams.js';
import { bill } from '../bill.decider.js';
import { isIssuedHere } from '../bill-number.js';
import type { BillState } from '../record-bill.decider.js';
import { CorrectBill } from './correct-bill.command.js';
import { type BillStatus, billStatus, correctBill, voidBill } from './correct-bill.decider.js';
import { VoidBill } from './void-bill.command.js';

const VOIDED = 'voided';
const NAMES: Readonly<Record<BillState, string>> = { due: '待缴费', paid: '已缴费', expired: '已过期', cancelled: '已取消', refunded: '已退费' };

const columns = z.object({
  bill_no: billNo,
  state: oneOf('due', 'paid', 'expired', 'cancelled', 'refunded', VOIDED),
  paid_at: optional(instant),
});

/** The state of a bill that was recorded wrongly; `voided` where it should never have been recorded. */
export const paymentCorrection = correctionKind<z.output<typeof columns>>({
  columns,
  key: ['bill_no'],
  second: 'money',
  async prepare({ bill_no: number, state, paid_at: paidAt }, { given, candidateId }, { events }) {
    const known = await currentState(events, billStream(number, candidateId), bill);
    const before = billStatus(known);
    const isVoided = state === VOIDED;
    if (isVoided) voidBill(known, { candidateId }, isIssuedHere(number));
    else correctBill(known, { candidateId, state, paidAt });
    const after: BillStatus | undefined = isVoided
      ? undefined
      : { state, paidAt: state === 'paid' || state === 'refunded' ? (paidAt ?? before.paidAt) : undefined };
    return {
      values: [
        { field: `${number} state`, before: NAMES[before.state], after: after ? NAMES[after.state] : NONE },
        { field: `${number} paid_at`, before: shown(before.paidAt), after: shown(after?.paidAt) },
      ],
      warnings: [
        ...(before.state === 'paid' && after?.state !== 'paid' ? ['账单里的课程或申报会变成没有缴费'] : []),
        ...(after?.state === 'due' && (known.terms?.dueBy ?? '9') <= given.at ? ['缴费截止时间已过，账单会自动过期'] : []),
        ...(before.state !== 'paid' && after?.state === 'paid' ? ['账单里的课程或申报会变成已缴费'] : []),
      ],
      wayBack: isVoided ? undefined : { bill_no: number, state: before.state, ...(before.paidAt !== undefined && { paid_at: before.paidAt }) },
      command: isVoided ? new VoidBill(given, candidateId, number) : new CorrectBill(given, candidateId, number, state, paidAt),
    };
  },
});

function shown(at: string | undefined): string {
  return at === undefined ? NONE : moment(at);
}
