import nzh from 'nzh/cn';
import { money } from '../../web/views/formats.js';

/** An amount in capitals 大写金额, as on receipts: fen `9050` is `玖拾元伍角整`. */
export function capitals(fen: number): string {
  const text = nzh.toMoney(money(fen).replaceAll(',', ''), { outSymbol: false });
  return text.endsWith('分') ? text : `${text}整`;
}
