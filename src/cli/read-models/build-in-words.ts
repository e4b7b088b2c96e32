import type { BuildReport } from '../../read-models/build-reports.js';

/** What a build is for, how many documents it has, and how far it has come: `bills@2：使用中，文档 12 个，落后事件 0 条，隔离 0 个`. */
export function buildInWords(report: BuildReport): string {
  const { build, documents, quarantined } = report;
  return [
    `${build.name}：${roleOf(report)}`,
    ...(documents === null ? [] : [`文档 ${documents} 个`]),
    conditionOf(report),
    `隔离 ${quarantined.length} 个`,
  ].join('，');
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
