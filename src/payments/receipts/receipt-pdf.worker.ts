import { lowerThreadPriority } from '../../kernel/priority.js';
import type { ReceiptView } from './receipt.view.js';
import { receiptPdf } from './receipt-pdf.js';

lowerThreadPriority();

export function print(receipt: ReceiptView): Promise<Uint8Array> {
  return receiptPdf(receipt);
}
