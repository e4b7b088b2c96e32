import type { Bill } from '../../../projections/bills.js';
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { Person } from '../../registrations/registrations.events.js';
import { withModernCharacters } from '../../vault/modern-characters.js';
import { exactMoment, masked } from '../../web/views/formats.js';
import { billView } from '../bills/bills.view.js';
import type { Receipt } from '../payments.events.js';
import { capitals } from './amount-in-capitals.js';

/** The content of a fiscal receipt 财政电子票据, for the page and the file. */
export interface ReceiptView {
  readonly bill: string;
  readonly receipt: Receipt;
  /** `2026年11月22日 10:00` */
  readonly issuedAt?: string | undefined;
  /** Missing after the candidate was forgotten. */
  readonly payer?: { readonly name: string; readonly admissionNo: string; readonly idNo: string } | undefined;
  readonly payee?: string | undefined;
  readonly kind: string;
  readonly period: string;
  readonly lines: readonly { readonly code: string; readonly name: string; readonly fen: number }[];
  readonly fen: number;
  /** `玖拾元整` */
  readonly capitals: string;
  /** `2026年11月22日 10:00` */
  readonly paidAt?: string | undefined;
}

/** @param payee the site's owner, where the settings name one */
export function receiptView(
  bill: Bill & { readonly receipt: Receipt },
  person: Person | undefined,
  payee: string | undefined,
  catalogue: Catalogue,
  now: Date,
): ReceiptView {
  const { kind, period, lines } = billView(bill, catalogue, now);
  const { receipt, fen, paidAt } = bill;
  return {
    bill: bill.bill,
    receipt,
    issuedAt: receipt.issuedAt && exactMoment(receipt.issuedAt),
    payer: person && { name: withModernCharacters(person.name), admissionNo: person.admissionNo, idNo: masked(person.idNo) },
    payee: payee || undefined,
    kind,
    period,
    lines: lines.map(({ code, name, fen: each }) => ({ code, name: name ?? '', fen: each })),
    fen,
    capitals: capitals(fen),
    paidAt: paidAt && exactMoment(paidAt),
  };
}
