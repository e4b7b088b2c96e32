import { goAfterPages } from '../../kernel/priority.js';
import type { ReceiptView } from './receipt.view.js';
import { receiptPdf } from './receipt-pdf.js';

goAfterPages();

export function print(receipt: ReceiptView): Promise<Uint8Array> {
  return receiptPdf(receipt);
}
