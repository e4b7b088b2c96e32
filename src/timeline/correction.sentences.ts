import { CORRECTION_KINDS } from '../office/corrections/correction.js';
import type { CorrectionEvent } from '../office/corrections/corrections.events.js';
import { given, type Sentences } from './words.js';

/** Corrections, from their proposals to what became of them. */
export const correctionSentences: Sentences<CorrectionEvent> = {
  CorrectionRowsListed: ({ correction, rows }) => `列出更正 ${correction} 的 ${rows.length} 行`,
  CorrectionProposed: ({ correction, kind, rows, reason, undoes }) =>
    `提出更正 ${correction}：${CORRECTION_KINDS[kind]}，${rows} 行${given(undoes, (undone) => `，撤销更正 ${undone}`)}，原因：${reason}`,
  CorrectionPreviewSeen: ({ correction, digests }) => `记下批准更正 ${correction} 时看到的预览，考生 ${Object.keys(digests).length} 位`,
  CorrectionApproved: ({ correction, by, emergency }) => `${by} ${emergency ? '一个人紧急' : ''}批准更正 ${correction}`,
  CorrectionApprovedAfterwards: ({ correction, by }) => `${by} 补批紧急办理的更正 ${correction}`,
  CorrectionReturned: ({ correction, by, note }) => `${by} 退回更正 ${correction}：${note}`,
  CorrectionWithdrawn: ({ correction }) => `撤回更正 ${correction}`,
  CorrectionChunkBegun: ({ correction, rows }) => `开始执行更正 ${correction} 的 ${rows.length} 行`,
  CorrectionChunkApplied: ({ correction, recorded }) => `更正 ${correction} 的一部分执行完，记录事件 ${recorded} 条`,
  CorrectionApplied: ({ correction, rows, recorded, refused, isLast }) =>
    `更正 ${correction} ${isLast ? '执行完' : '执行了一部分'}：这一部分 ${rows} 行，记录事件 ${recorded} 条${refused > 0 ? `，${refused} 行被拒绝` : ''}`,
  CorrectionUndone: ({ correction, undo }) => `更正 ${correction} 已由更正 ${undo} 撤销`,
};
