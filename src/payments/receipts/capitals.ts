import nzh from 'nzh/cn';
import { money } from '../../web/views/formats.js';

/** Money in capitals 大写金额, as cheques and receipts have it: fen `9050` is `玖拾元伍角整`. */
export function capitals(fen: number): string {
  const text = nzh.toMoney(money(fen).replaceAll(',', ''), { outSymbol: false });
  return text.endsWith('分') ? text : `${text}整`;
}
