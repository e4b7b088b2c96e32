import { type Correction, corrections } from '../../../projections/corrections.js';
import { CORRECTION_KINDS } from '../../office/corrections/correction.js';
import { correctionState } from '../../office/corrections/correction-words.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { caughtUp } from '../read-models/caught-up.js';
import { reading } from '../read-models/reading.js';

interface ListGiven {
  readonly all: boolean;
  readonly limit: number;
}

/** `correction list`: those that wait for somebody, or all. */
export function runList({ all, limit }: ListGiven, { settings, out }: Context): Promise<CommandResult> {
  return reading(settings, async (stores) => {
    await caughtUp(stores, [corrections]);
    const listed = await stores.readModels.list(corrections, all ? 'newest' : 'waiting', undefined, limit);
    for (const { document } of listed) out.answer(lineOf(document));
    if (listed.length === 0) out.answer(all ? '还没有更正' : '没有等待批准的更正');
    return { json: { corrections: listed.map(({ document }) => document) } };
  });
}

function lineOf(correction: Correction): string {
  const { correction: id, kind, rows, proposer, reason, proposedAt } = correction;
  return `${id}　${beijing(proposedAt)}　${CORRECTION_KINDS[kind]} ${rows} 行　${proposer} 提出　${correctionState(correction)}　${reason}`;
}
