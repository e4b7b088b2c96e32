import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { projectionsFor } from '../../composition/known/projections.js';
import { withReplayPorts } from '../../composition/replay-ports.js';
import { abortableDelay } from '../../kernel/abortable-delay.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import { assertUsable } from '../../read-models/fingerprints.js';
import { newestVersions, RegisteredBuilds } from '../../read-models/projecting/maintained-builds.js';
import { Projector } from '../../read-models/projecting/projector.js';
import { type Projection, projectionOf } from '../../read-models/projection.js';
import { difference } from '../../read-models/rebuilding/difference.js';
import type { Difference } from '../../read-models/rebuilding/difference-tally.js';
import { type Rebuilt, type ReplayPorts, rebuild } from '../../read-models/rebuilding/rebuild.js';
import { lockFolder } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange, buildNamed, servedBuild } from '../../read-models/registry.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { differenceLines, differencePage } from './difference-report.js';
import { showingProgress } from './replay-progress.js';

interface ReplayGiven {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly diff: boolean;
  /** A file for the difference as a page. */
  readonly report: string | undefined;
  /** A folder for spool files. */
  readonly spool: string | undefined;
}

/** The folder that is made in the one for spool files. */
const SPOOL = 'personal-centre-replay';

/** `replay [NAME…|--all]`: rebuilds read models while the present builds are served; run again after a kill, it resumes. */
export async function runReplay({ names, all, diff, report, spool }: ReplayGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const projections = selectProjections(newestVersions(projectionsFor(settings)), names, all);
  if (report !== undefined) await access(dirname(report), constants.W_OK); // not found out only after the work
  if (spool !== undefined) await access(spool, constants.W_OK);
  lowerThreadPriority();
  return withReplayPorts(settings, async (ports) => {
    assertUsable(await ports.builds.registry(), ports.code, ports.fingerprints);
    const spooling = spool === undefined ? ports : { ...ports, spool: join(spool, SPOOL) };
    const rebuilt = await showingProgress(out, (progress) => rebuild(projections, spooling, { progress, signal }));
    const { serving } = await ports.builds.registry();
    for (const { build, readModel, outcome, documents, quarantined, stopped } of rebuilt) {
      const next = serving[readModel] === build ? '页面正在使用' : `要让页面使用它，请运行 switch ${readModel}`;
      if (outcome === 'cancelled') out.wrong(`${build}：已被取消`);
      else out.answer(`${build}：重建完成，文档 ${documents} 个，隔离 ${quarantined} 个。${next}`);
      if (stopped !== undefined) out.wrong(`  停在：${stopped}`);
    }
    const wanted = diff || report !== undefined;
    const differences = wanted ? await compareWithServed(rebuilt, ports, signal) : [];
    if (wanted && differences.length === 0) out.answer('没有别的版本可以比较');
    for (const each of differences) for (const line of differenceLines(each)) out.answer(line);
    if (report !== undefined) {
      await writeFile(report, differencePage(differences, new Date()), { mode: 0o600 });
      out.done(`报告已写入 ${report}`);
    }
    return { json: { rebuilt, differences }, differs: rebuilt.some(({ outcome, stopped }) => outcome === 'cancelled' || stopped !== undefined) };
  });
}

/** Compares rebuilt builds with the served ones. Meanwhile this process runs a projector, which catches both up where there is no other. */
async function compareWithServed(rebuilt: readonly Rebuilt[], ports: ReplayPorts, signal: AbortSignal): Promise<readonly Difference[]> {
  const { events, store, builds, code, fingerprints } = ports;
  const registry = await builds.registry();
  const differences: Difference[] = [];
  const compare = async () => {
    for (const { build, readModel, outcome } of rebuilt) {
      const served = servedBuild(registry, readModel);
      if (outcome === 'cancelled' || !served || served.name === build) continue;
      const [one, other] = [projectionOf(code, served), projectionOf(code, buildNamed(registry, build))];
      if (!one || !other) throw new BadChange(`这个版本的程序没有 ${served.name} 的代码，无法比较`);
      await waitUntilSeen([one, other], await events.head(), ports, signal);
      differences.push(await difference(one, other, ports, { signal }));
    }
  };
  const stopping = new AbortController();
  const kept = new RegisteredBuilds(builds, store, events, code, fingerprints);
  const projector = new Projector(events, store, code, { holder: uuid(), builds: kept });
  const unlock = lockFolder(ports.folder); // nothing that is compared is dropped meanwhile
  // both have ended before the stores are closed
  const ended = await Promise.allSettled([compare().finally(() => stopping.abort()), projector.run(stopping.signal)]).finally(unlock);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return differences;
}

/** Milliseconds without progress after which it is assumed that no projector is running. */
const TIMEOUT = 30_000;
const POLL_INTERVAL = 100;

/** Waits as long as they make progress; the difference shows which documents have not caught up. */
async function waitUntilSeen(projections: readonly Projection[], head: string, { store }: ReplayPorts, signal: AbortSignal): Promise<void> {
  let [before, since] = ['', performance.now()];
  for (;;) {
    const checkpoints = await store.checkpoints(projections);
    if (checkpoints.every(({ position }) => position >= head)) return;
    const stand = checkpoints.map(({ position }) => position).join();
    if (stand !== before) [before, since] = [stand, performance.now()];
    if (performance.now() - since > TIMEOUT) return;
    await abortableDelay(signal, POLL_INTERVAL);
    signal.throwIfAborted();
  }
}

/** @throws WrongUse for a name that there is none of, or when nothing is chosen */
function selectProjections(projections: readonly Projection[], names: readonly string[], all: boolean): readonly Projection[] {
  const known = projections.map(({ name }) => name).join('、');
  if (all) return projections;
  if (names.length === 0) throw new WrongUse('missing_argument', `请写出要重建的读模型，或用 --all：${known}`);
  return [...new Set(names)].map((name) => {
    const projection = projections.find((each) => each.name === name);
    if (!projection) throw new WrongUse('unknown_read_model', `没有读模型 ${name}；现有：${known}`);
    return projection;
  });
}
