import type { Position } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { buildCondition } from '../build-condition.js';
import type { BuildStore } from '../build-store.js';
import { type Waited, type WaitingTimes, waitForHead } from '../projecting/wait-for-head.js';
import type { Checkpoint, ProjectionStore, Quarantined } from '../read-models.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { BadChange } from '../registry.js';
import type { Remedy } from '../remedies.js';
import type { DifferingKey } from './differing.js';

/**
 * `place`: where its documents are is gone or made otherwise; `index`: an index is gone or another; `log`: it has seen what is not in this log;
 * `behind`: it has not seen the log's end; `stopped`: it cannot go on; `quarantined`; `count`: documents came or went past all code, or their number did;
 * `documents`: some are not what their events come to; `unmade`: there is no build to read; `code`: this release cannot maintain it; `file`: a file is damaged; `store`: the
 * vault or the photos are not those of the log.
 */
export type ProblemKind = 'place' | 'index' | 'log' | 'behind' | 'stopped' | 'quarantined' | 'count' | 'documents' | 'unmade' | 'code' | 'file' | 'store';

/** A problem of a build, for the operator. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly says: string;
  /** What cures it, one after another; none where a person has to find out first, as `says` tells. */
  readonly cure: readonly Remedy[];
}

/** What problems are found with. */
export interface InspectionPorts {
  readonly events: EventStore;
  readonly builds: BuildStore;
  readonly store: ProjectionStore;
}

const CATCH_UP: Remedy = { kind: 'catch-up' };
/** Keys that a sentence names. */
const MAX_NAMED = 20;

/** The problems of a build's table or collection, without those of its documents. */
export async function problemsOfPlace({ build, projection }: Target, { builds }: Pick<InspectionPorts, 'builds'>): Promise<readonly Problem[]> {
  const { place, missingIndexes, otherIndexes, stored, kept, isUncounted } = await builds.inspect(projection);
  const { name } = build;
  if (place === 'missing') return [{ kind: 'place', says: `${name} 的文档表不存在`, cure: [{ kind: 'rebuild', readModel: build.readModel }] }];
  if (place === 'other') return [{ kind: 'place', says: `${name} 的文档表的列或索引与程序不符`, cure: [{ kind: 'repair-all', build: name }, CATCH_UP] }];
  const problems: Problem[] = [];
  const cure: Problem['cure'] = [{ kind: 'repair-all', build: name }];
  if (missingIndexes.length > 0) problems.push({ kind: 'index', says: `${name} 缺少索引 ${missingIndexes.join('、')}`, cure });
  if (otherIndexes.length > 0) problems.push({ kind: 'index', says: `${name} 的索引 ${otherIndexes.join('、')} 与程序不符`, cure });
  if (kept !== undefined && kept !== stored) problems.push({ kind: 'count', says: `${name} 有文档 ${stored} 个（含已删除的标记），记下的是 ${kept} 个`, cure });
  if (isUncounted) problems.push({ kind: 'count', says: `${name} 没有记下文档的个数`, cure });
  return problems;
}

/** @throws BadChange where the documents of a build cannot be read */
export async function assertHasPlace(target: Target, builds: BuildStore): Promise<void> {
  const unread = (await problemsOfPlace(target, { builds })).find(({ kind }) => kind === 'place');
  if (unread) throw new BadChange(unread.says, unread.cure);
}

/** Values of lookups whose documents are gone, or never were. */
export async function problemsOfLookups({ build: { name }, projection }: Target, { builds }: Pick<InspectionPorts, 'builds'>): Promise<readonly Problem[]> {
  const orphaned = await builds.orphanedValues(projection);
  return orphaned === 0 ? [] : [{ kind: 'index', says: `${name} 的查找表中有 ${orphaned} 个值没有文档`, cure: [{ kind: 'repair-all', build: name }] }];
}

/** Waits until builds have seen what is in the log now, as long as they come nearer; answers by place what keeps them from it. */
export async function progressOf(
  targets: readonly Target[],
  ports: Pick<InspectionPorts, 'events' | 'store'>,
  options: { readonly signal?: AbortSignal; readonly waitingTimes?: WaitingTimes },
): Promise<readonly (readonly Problem[])[]> {
  const head = await ports.events.head();
  const checkpoints = await ports.store.checkpoints(targets.map(({ projection }) => projection));
  const conditions = await Promise.all(
    targets.map(({ projection, build }, place) => buildCondition(projection, build, checkpoints[place] as Checkpoint, head, ports.events)),
  );
  const canMove = (place: number) => conditions[place]?.condition === 'behind' || conditions[place]?.condition === 'first-build';
  const moving = targets.filter((_, place) => canMove(place)).map(({ projection }) => projection);
  const waited = await waitForHead(moving, head, ports.store, options);
  return Promise.all(targets.map((target) => problemsOfProgress(target, ports, head, waited)));
}

/** Whether a build has seen this log, and all of it up to a position. */
async function problemsOfProgress(
  { build, projection }: Target,
  { events, store }: Pick<InspectionPorts, 'events' | 'store'>,
  head: Position,
  waited: Waited,
): Promise<readonly Problem[]> {
  const [checkpoint] = await store.checkpoints([projection]);
  if (!checkpoint) return [];
  const { name } = build;
  const { condition, reason } = await buildCondition(projection, build, checkpoint, head, events);
  if (condition === 'live') return [];
  if (condition === 'stopped') return [{ kind: 'stopped', says: `${name} 停在 ${checkpoint.position}：${reason}；请启动能处理这个事件的程序版本`, cure: [] }];
  if (condition === 'needs-rebuild') return [problemOfAnotherLog(build)];
  const behind = await events.count(checkpoint.position, head);
  const lacks = `${name} 落后事件${behind >= events.countLimit ? '至少' : ''} ${behind} 条`;
  const why = waited === 'idle' ? '现在没有进程在处理事件（个人中心没有运行）' : '处理事件的进程没有前进';
  return [{ kind: 'behind', says: `${lacks}：${why}`, cure: [CATCH_UP] }];
}

/** It has seen what is not in this log. */
export function problemOfAnotherLog(build: Target['build']): Problem {
  const says = `${build.name} 看过的事件不在这份日志里（日志是另一份，或是较旧的副本，或者进度被改动）`;
  return { kind: 'log', says, cure: [{ kind: 'rebuild', readModel: build.readModel }] };
}

export function problemsOfQuarantine({ build }: Target, quarantined: readonly Quarantined[]): readonly Problem[] {
  const named = quarantined.slice(0, MAX_NAMED).map(({ key, position, error }): Problem => {
    const says = `${build.name} 的 ${key} 被隔离（事件位置 ${position}）：${error}`;
    return { kind: 'quarantined', says, cure: [{ kind: 'retry', build: build.name, key }] };
  });
  const others = quarantined.length - named.length;
  if (others === 0) return named;
  return [...named, { kind: 'quarantined', says: `${build.name} 另有 ${others} 个文档被隔离`, cure: [{ kind: 'retry-all', build: build.name }] }];
}

export function problemsOfDocuments({ build }: Target, differing: readonly DifferingKey[]): readonly Problem[] {
  if (differing.length === 0) return [];
  const named = differing.slice(0, MAX_NAMED).map(({ key }) => key);
  const [only] = differing.length === 1 ? named : [];
  const says = `${build.name} 有 ${differing.length} 个文档不符：${named.join('、')}${differing.length > named.length ? ' 等' : ''}`;
  return [
    { kind: 'documents', says, cure: [only === undefined ? { kind: 'repair-all', build: build.name } : { kind: 'repair', build: build.name, key: only }] },
  ];
}

/** A build whose table was made otherwise was emptied: the projector could not go on with it. */
export function problemOfEmptied({ build }: Target): Problem {
  return { kind: 'behind', says: `${build.name} 已清空，要从头处理事件`, cure: [CATCH_UP] };
}
