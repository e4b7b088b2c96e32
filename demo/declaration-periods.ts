import type { DateTime } from 'luxon';
import { instant } from './calendar.js';
import type { CsvFiles } from './csv.js';

export type DeclarationKind = 'thesis' | 'graduation' | 'degree';

/** A declaration period 申报期. */
export interface DeclarationPeriod {
  readonly code: string;
  readonly name: string;
  readonly opens: DateTime;
  readonly closes: DateTime;
  readonly paymentCloses: DateTime;
}

/** Four periods of a kind, half a year apart, the newest first, which is open. */
export function declarationPeriods(today: DateTime, kind: DeclarationKind) {
  const at = (monthsAgo: number): DeclarationPeriod => {
    const opens = today.minus({ days: 20, months: monthsAgo });
    return { ...NAMED[kind](opens), opens, closes: opens.plus({ days: 30 }), paymentCloses: opens.plus({ days: 34 }) };
  };
  return [at(0), at(6), at(12), at(18)] as const;
}

export function addDeclarationPeriods(batch: CsvFiles, today: DateTime): void {
  for (const kind of ['thesis', 'graduation', 'degree'] as const) {
    for (const { code, name, opens, closes, paymentCloses } of declarationPeriods(today, kind)) {
      batch.add('declaration_periods', { kind, code, name, opens: instant(opens), closes: instant(closes), payment_closes: instant(paymentCloses) });
    }
  }
}

/** Theses are declared by half-years, graduation for June and December, degrees for March and September. */
const NAMED: Readonly<Record<DeclarationKind, (opens: DateTime) => { readonly code: string; readonly name: string }>> = {
  thesis: ({ year, month }) => (month <= 6 ? { code: `${year}A`, name: `${year}年上半年` } : { code: `${year}B`, name: `${year}年下半年` }),
  graduation: ({ year, month }) => byMonth(year, month <= 6 ? 6 : 12),
  degree: ({ year, month }) => (month <= 3 ? byMonth(year, 3) : month <= 9 ? byMonth(year, 9) : byMonth(year + 1, 3)),
};

function byMonth(year: number, month: number) {
  return { code: `${year}${String(month).padStart(2, '0')}`, name: `${year}年${month}月` };
}
