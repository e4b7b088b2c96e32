import type { Correction } from '../../../projections/corrections.js';

const states: Readonly<Record<Correction['state'], string>> = {
  proposed: '待批准',
  returned: '已退回',
  withdrawn: '已撤回',
  approved: '执行中',
  applied: '已执行',
  undone: '已撤销',
};

/** How a correction stands, for people. */
export function correctionState({ state, emergency, awaitsSecond }: Pick<Correction, 'state' | 'emergency' | 'awaitsSecond'>): string {
  return `${states[state]}${emergency ? (awaitsSecond ? '，紧急批准待补批' : '，紧急批准已补批') : ''}`;
}
