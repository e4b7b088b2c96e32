import { join } from 'node:path';
import { projectionsFor } from '../composition/known-projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../composition/stores.js';
import { type BuildReport, buildReports } from '../read-models/build-reports.js';
import type { BuildStore } from '../read-models/build-store.js';
import { placeholderProjection } from '../read-models/rebuilding/rebuild-targets.js';
import { isReplaying, lockFolder } from '../read-models/rebuilding/replay-lock.js';
import { BadChange, buildNamed, withoutBuild, withoutUnfinished } from '../read-models/registry.js';
import { readSettings, type Settings } from '../settings/settings.js';
import { type CommandOptions, printLine } from './output.js';

/** `projections`: which builds there are, which is served, and how they are getting on. */
export async function runProjections({ json }: CommandOptions): Promise<void> {
  const settings = readSettings(process.env);
  const { builds: reports, unmade } = await onBuilds(settings, async (builds) => {
    const store = await openProjectionStore(settings);
    const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
    try {
      return await buildReports({ events, builds, store, code: projectionsFor(settings) }, isReplaying(join(settings.DATA_DIR, 'replay')));
    } finally {
      await store.close();
      await events.close();
    }
  });
  for (const each of reports) {
    printLine(`${each.build.name}：${roleOf(each)}，文档 ${each.documents} 个，${conditionOf(each)}，隔离 ${each.quarantined.length} 个`);
    for (const { key, position, error } of each.quarantined) printLine(`  隔离 ${key}（事件位置 ${position}）：${error}`);
  }
  for (const name of unmade) printLine(`${name}：没有可以读取的版本；请运行 catch-up，或启动个人中心`);
  if (json) printLine(JSON.stringify({ builds: reports.map(inJson), unmade }));
}

function roleOf({ role, build: { readModel, name } }: BuildReport): string {
  switch (role) {
    case 'served':
      return '使用中';
    case 'awaiting-switch':
      return `新的，等待切换（switch ${name}）`;
    case 'kept':
      return '保留';
    case 'building':
      return '重建中';
    case 'broken-off':
      return `重建中断（再次运行 replay ${readModel}，或 cancel ${readModel} 放弃）`;
  }
}

function conditionOf({ condition, reason, position, behind, more, build: { readModel } }: BuildReport): string {
  const lag = more ? `落后事件至少 ${behind} 条` : `落后事件 ${behind} 条`;
  switch (condition) {
    case 'live':
    case 'behind':
      return lag;
    case 'first-build':
      return `第一次建立，${lag}`;
    case 'stopped':
      return `停在 ${position}（${reason}），${lag}`;
    case 'needs-rebuild':
      return `看过的事件不在这份日志里（日志是另一份，或是较旧的副本），需要重建：请运行 replay ${readModel}，再运行 switch ${readModel}`;
    case 'missing':
    case 'unread':
      return '文档表不存在，或列与程序不符：请运行 verify --quick';
  }
}

function inJson({ build: { name, state }, role, ...report }: BuildReport) {
  return { build: name, served: role === 'served', state, role, ...report };
}

/** `drop NAME@VERSION`: removes a build that no page reads. */
export async function runDrop(name: string, { json }: CommandOptions): Promise<void> {
  const settings = readSettings(process.env);
  await onBuilds(settings, async (builds) => {
    const build = buildNamed(await builds.registry(), name);
    const unlock = lockFolder(join(settings.DATA_DIR, 'replay')); // a rebuild, a comparison or a verification may be reading it
    try {
      await builds.change((registry) => withoutBuild(registry, name, new Date().toISOString()));
      await builds.drop(placeholderProjection(build));
    } finally {
      unlock();
    }
  });
  printLine(`${name} 已删除`);
  if (json) printLine(JSON.stringify({ dropped: name }));
}

/** `cancel NAME`: gives up the builds of a read model that are being made; whoever makes them ends by itself. */
export async function runCancel(name: string, { json }: CommandOptions): Promise<void> {
  const cancelled = await onBuilds(readSettings(process.env), async (builds) => {
    const given = (await builds.registry()).builds.filter((build) => build.state === 'building' && (build.readModel === name || build.name === name));
    if (given.length === 0) throw new BadChange(`${name} 没有正在进行的重建`);
    const names = given.map((build) => build.name);
    await builds.change((registry) => withoutUnfinished(registry, names));
    for (const build of given) await builds.drop(placeholderProjection(build));
    return names;
  });
  printLine(`已取消：${cancelled.join('、')}`);
  if (json) printLine(JSON.stringify({ cancelled }));
}

async function onBuilds<T>(settings: Settings, work: (builds: BuildStore) => Promise<T>): Promise<T> {
  const builds = await openBuildStore(settings);
  try {
    return await work(builds);
  } finally {
    await builds.close();
  }
}
