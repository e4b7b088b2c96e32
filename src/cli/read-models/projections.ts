import { join } from 'node:path';
import { projectionsFor } from '../../composition/known/projections.js';
import { openBuildStore, openEventStore, openProjectionStore } from '../../composition/stores.js';
import { type BuildReport, buildReports } from '../../read-models/build-reports.js';
import { isReplaying } from '../../read-models/rebuilding/replay-lock.js';
import type { CommandResult, Context } from '../program/command.js';

/** `projections`: which builds there are, which is served, and how they are getting on. */
export async function runProjections({ settings, out }: Context): Promise<CommandResult> {
  const builds = await openBuildStore(settings);
  const store = await openProjectionStore(settings);
  const events = await openEventStore(settings, async () => []); // it asks for no candidate's streams
  try {
    const ports = { events, builds, store, code: projectionsFor(settings) };
    const { builds: reports, unmade } = await buildReports(ports, isReplaying(join(settings.DATA_DIR, 'replay')));
    for (const each of reports) {
      out.answer(
        `${each.build.name}：${roleOf(each)}，${each.documents === null ? '' : `文档 ${each.documents} 个，`}${conditionOf(each)}，隔离 ${each.quarantined.length} 个`,
      );
      for (const { key, position, error } of each.quarantined) out.wrong(`  隔离 ${key}（事件位置 ${position}）：${error}`);
    }
    for (const name of unmade) out.wrong(`${name}：没有可以读取的版本；请运行 catch-up，或启动个人中心`);
    return { json: { builds: reports.map(inJson), unmade } };
  } finally {
    await store.close();
    await events.close();
    await builds.close();
  }
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

function conditionOf({ role, condition, reason, position, behind, more, build: { name, readModel } }: BuildReport): string {
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
      return `看过的事件不在这份日志里（日志是另一份，或是较旧的副本），${
        role === 'kept' ? `不能再使用：请运行 drop ${name}` : `需要重建：请运行 replay ${readModel}，再运行 switch ${readModel}`
      }`;
    case 'missing':
    case 'unread':
      return '文档表不存在，或列与程序不符：请运行 verify --quick';
  }
}

function inJson({ build: { name, state }, role, ...report }: BuildReport) {
  return { build: name, served: role === 'served', state, role, ...report };
}
