import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assertSoundLog } from '../../composition/damaged-files.js';
import { projectionsFor } from '../../composition/known/projections.js';
import { withReplayPorts } from '../../composition/replay-ports.js';
import { claimReadModels } from '../../composition/starting/assert-own-log.js';
import { nearestSentence } from '../../kernel/nearest.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { assertCodeThere } from '../../read-models/fingerprints.js';
import { newestVersions } from '../../read-models/projecting/new-versions.js';
import type { Projection } from '../../read-models/projection.js';
import { type Rebuilt, rebuild } from '../../read-models/rebuilding/rebuild.js';
import { buildNamed, type Registry, servedBuild } from '../../read-models/registry.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { type BuildPair, compareBuilds, DifferentKeys } from './comparing.js';
import { differenceLines, differencePage } from './difference-report.js';
import { showingProgress } from './replay-progress.js';

interface ReplayGiven {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly diff: boolean;
  /** A file for the difference as a page. */
  readonly report: string | undefined;
  /** A file for the keys of all documents that differ. */
  readonly out: string | undefined;
  /** A folder for spool files. */
  readonly spool: string | undefined;
}

/** The folder that is made in the one for spool files. */
export const SPOOL = 'personal-centre-replay';

/** `replay [NAME…|--all]`: rebuilds read models while the present builds are served; run again after a kill, it resumes. */
export async function runReplay({ names, all, diff, report, out: keys, spool }: ReplayGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const projections = selectProjections(newestVersions(projectionsFor(settings)), names, all);
  for (const file of [report, keys]) if (file !== undefined) await access(dirname(file), constants.W_OK); // not found out only after the work
  if (spool !== undefined) await access(spool, constants.W_OK);
  lowerThreadPriority();
  assertSoundLog(settings, 'structure');
  return withReplayPorts(settings, async (ports) => {
    assertCodeThere(await ports.builds.registry(), ports.code); // it is what cures a build that other code made
    await claimReadModels(settings, ports.events);
    const spooling = spool === undefined ? ports : { ...ports, spool: join(spool, SPOOL) };
    const rebuilt = await showingProgress(out, (progress) => rebuild(projections, spooling, { progress, signal }));
    const registry = await ports.builds.registry();
    for (const { build, readModel, outcome, documents, quarantined, stopped } of rebuilt) {
      const next = registry.serving[readModel] === build ? '页面正在使用' : `要让页面使用它，请运行 switch ${readModel}`;
      if (outcome === 'cancelled') out.wrong(`${build}：已被取消`);
      else out.answer(`${build}：重建完成，文档 ${documents} 个，隔离 ${quarantined} 个。${next}`);
      if (stopped !== undefined) out.wrong(`  停在：${stopped}`);
    }
    const wanted = diff || report !== undefined || keys !== undefined;
    const different = new DifferentKeys();
    const differences = wanted ? await compareBuilds(besideServed(registry, rebuilt), ports, { signal, different }) : [];
    if (wanted && differences.length === 0) out.answer('没有别的版本可以比较');
    for (const each of differences) for (const line of differenceLines(each, '正在使用的 ')) out.answer(line);
    if (keys !== undefined) {
      await writeFile(keys, different.csv(), { mode: 0o600 });
      out.done(`不同的文档的键已写入 ${keys}`);
    }
    if (report !== undefined) {
      await writeFile(report, differencePage(differences, new Date()), { mode: 0o600 });
      out.done(`报告已写入 ${report}`);
    }
    return { json: { rebuilt, differences }, differs: rebuilt.some(({ outcome, stopped }) => outcome === 'cancelled' || stopped !== undefined) };
  });
}

/** Each build that was made beside the one that is served of its read model, where that is another. */
function besideServed(registry: Registry, rebuilt: readonly Rebuilt[]): readonly BuildPair[] {
  return rebuilt.flatMap(({ build, readModel, outcome }) => {
    const served = servedBuild(registry, readModel);
    return outcome === 'cancelled' || !served || served.name === build ? [] : [{ one: served, other: buildNamed(registry, build) }];
  });
}

/** @throws WrongUse for a name that there is none of, or when nothing is chosen */
function selectProjections(projections: readonly Projection[], names: readonly string[], all: boolean): readonly Projection[] {
  const known = projections.map(({ name }) => name).join('、');
  if (all) return projections;
  if (names.length === 0) throw new WrongUse('missing_argument', `请写出要重建的读模型，或用 --all：${known}`);
  return [...new Set(names)].map((name) => {
    const projection = projections.find((each) => each.name === name);
    if (!projection) {
      const all = projections.map((each) => each.name);
      throw new WrongUse('unknown_read_model', `没有读模型 ${name}；${nearestSentence(name, all)}`);
    }
    return projection;
  });
}
