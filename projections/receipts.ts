import type { PaymentEvent } from '../src/payments/payments.events.js';
import { projection } from '../src/read-models/projection.js';

/** A receipt 财政电子票据 as it was issued. */
export interface IssuedReceipt {
  readonly code: string;
  readonly bill: string;
  readonly candidateId: string;
}

/** The receipts of one number: several only where different codes have it. By the number, for whoever searches for it. */
export interface ReceiptsOfNumber {
  readonly receipts: readonly IssuedReceipt[];
}

export const receipts = projection<ReceiptsOfNumber, PaymentEvent, Map<string, IssuedReceipt>>({
  name: 'receipts',
  version: 1,
  key: ({ data }) => ('number' in data ? data.number : undefined),
  empty: { receipts: [] },
  instants: [],
  money: [],
  state: {
    open: ({ receipts: issued }) => new Map(issued.map((each) => [placeOf(each), each])),
    close: (issued) => ({ receipts: [...issued.values()] }),
  },
  on: {
    ReceiptIssued: (issued, { data: { code, bill, candidateId } }) => issued.set(placeOf({ code, bill }), { code, bill, candidateId }),
  },
});

function placeOf({ code, bill }: Pick<IssuedReceipt, 'code' | 'bill'>): string {
  return `${code} ${bill}`;
}
