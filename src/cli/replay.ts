import { readSettings, type Settings } from '../config.js';
import { projectionsFor } from '../known-projections.js';
import { goAfterPages } from '../priority.js';
import { assertUsable } from '../read-models/fingerprints.js';
import { newest } from '../read-models/kept-builds.js';
import type { Projection } from '../read-models/projection.js';
import { type Rebuilt, rebuild } from '../read-models/rebuild.js';
import { BadChange } from '../read-models/registry.js';
import type { ReplayPhase, ReplayProgress } from '../read-models/replay-progress.js';
import { replaying } from '../read-models/replaying.js';
import { type CommandOptions, say } from './output.js';
import { progressOn } from './progress.js';

export interface ReplayOptions extends CommandOptions {
  readonly all?: boolean;
}

const PHASES: Readonly<Record<ReplayPhase, string>> = { scanning: '读取文档', reading: '读取事件', folding: '重建文档', following: '跟上新事件' };

/** `replay [NAME…|--all]`: builds read models anew beside those that pages read; run again after a kill, it goes on. */
export async function runReplay(names: readonly string[], { all = false, json }: ReplayOptions): Promise<void> {
  const settings = readSettings(process.env);
  const projections = chosen(newest(projectionsFor(settings)), names, all);
  goAfterPages();
  const rebuilt = await rebuilding(settings, projections);
  for (const { build, readModel, outcome, documents, quarantined, stopped } of rebuilt) {
    if (outcome === 'cancelled') say(`${build}：已被取消`);
    else say(`${build}：重建完成，文档 ${documents} 个，隔离 ${quarantined} 个。要让页面使用它，请运行 switch ${readModel}`);
    if (stopped !== undefined) say(`  停在：${stopped}`);
  }
  if (json) say(JSON.stringify({ rebuilt }));
  if (rebuilt.some(({ outcome, stopped }) => outcome === 'cancelled' || stopped !== undefined)) process.exitCode = 1;
}

async function rebuilding(settings: Settings, projections: readonly Projection[]): Promise<readonly Rebuilt[]> {
  const shown = progressOn(process.stderr, '条');
  let phase: ReplayPhase | undefined;
  const progress = (reached: ReplayProgress) => {
    if (reached.phase !== phase) shown.phase(PHASES[reached.phase], reached.total);
    phase = reached.phase;
    shown.step(reached.done, reached.done);
  };
  try {
    return await replaying(settings, async (ports) => {
      assertUsable(await ports.builds.registry(), ports.code, ports.fingerprints);
      return rebuild(projections, ports, { progress });
    });
  } finally {
    shown.end();
  }
}

/** @throws BadChange for a name that there is none of, or when nothing is chosen */
function chosen(projections: readonly Projection[], names: readonly string[], all: boolean): readonly Projection[] {
  const known = projections.map(({ name }) => name).join('、');
  if (all) return projections;
  if (names.length === 0) throw new BadChange(`请写出要重建的读模型，或用 --all：${known}`);
  return [...new Set(names)].map((name) => {
    const projection = projections.find((each) => each.name === name);
    if (!projection) throw new BadChange(`没有读模型 ${name}；现有：${known}`);
    return projection;
  });
}
