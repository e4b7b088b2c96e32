import type { ReplayPhase, ReplayProgress } from '../../read-models/rebuilding/replay-progress.js';
import type { Output } from '../program/output.js';

const PHASES: Readonly<Record<ReplayPhase, string>> = {
  scanning: '读取文档',
  reading: '读取事件',
  folding: '重建文档',
  comparing: '核对文档',
  following: '跟上新事件',
};

/** Shows how far a replay is while it works. */
export async function showingProgress<T>(out: Output, work: (progress: (reached: ReplayProgress) => void) => Promise<T>): Promise<T> {
  const shown = await out.progress('条');
  let phase: ReplayPhase | undefined;
  try {
    return await work((reached) => {
      const { done, total, items } = reached;
      if (reached.phase !== phase) shown.phase(PHASES[reached.phase], total, { done, rows: items });
      phase = reached.phase;
      shown.step(done, items);
    });
  } finally {
    shown.end();
  }
}
