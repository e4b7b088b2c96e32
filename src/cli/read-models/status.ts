import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { damagedFiles } from '../../composition/damaged-files.js';
import { isSmallLog, withReplayPorts } from '../../composition/replay-ports.js';
import { problemsOfStores } from '../../composition/store-problems.js';
import { START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { inMegabytes } from '../../kernel/megabytes.js';
import { type BuildReport, buildReports } from '../../read-models/build-reports.js';
import { isReplaying } from '../../read-models/rebuilding/replay-lock.js';
import { type Examined, examine } from '../../read-models/verifying/examine.js';
import type { Problem } from '../../read-models/verifying/problems.js';
import { verifyTargets } from '../../read-models/verifying/verify-targets.js';
import type { Settings } from '../../settings/settings.js';
import { FULL_BELOW, freeBytes, MAKE_ROOM } from '../../sqlite/free-bytes.js';
import { openTasks } from '../office/open-tasks.js';
import { beijing } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { adviceOf, type ShownProblem, shownProblem } from '../program/remedies.js';
import { backupStatus, linesOfBackup, type Trouble } from './backup-status.js';
import { reading } from './reading.js';

/** Of DATA_DIR, those that are there. */
const FILES = ['events.sqlite', 'vault.sqlite', 'read-models.sqlite', 'login-tallies.sqlite'];

/** SQLite makes files to read one, which it cannot then. */
const FULL_DISK: Problem = { kind: 'file', says: MAKE_ROOM, cure: [] };

/** Problems of read models of which a person is told one by one; more are one problem of the log or of all. */
const MOST_ALIKE = 3;

/** `status`: the stores, the log's end, the read models and what is wrong with any of them; ends with 1 when something is. */
export async function runStatus({ settings, out, signal }: Context): Promise<CommandResult> {
  const disk = diskOf(settings);
  for (const { file, bytes } of disk.files) out.answer(`${file}：${inMegabytes(bytes)} MB`);
  out.answer(`磁盘还有 ${inMegabytes(disk.freeBytes)} MB`);
  const unreadable = disk.freeBytes < FULL_BELOW ? [FULL_DISK] : damagedFiles(settings, false);
  const found = unreadable.length > 0 ? { problems: unreadable } : await inspected(settings, signal);
  const { backup, problems: ofBackup } = await backupStatus(settings, new Date());
  if ('log' in found) {
    out.answer(found.log.recordedAt === null ? '日志是空的' : `日志：最后一个事件在位置 ${found.log.position}，${found.log.recordedAt}`);
    for (const { name, quarantined } of found.readModels) out.answer(`${name}：${quarantined > 0 ? `隔离 ${quarantined} 个文档` : '没有隔离的文档'}`);
  }
  if ('tasks' in found) out.answer(found.tasks.open === 0 ? '没有待办' : `待办 ${found.tasks.open} 项，最早的 ${found.tasks.oldest}（tasks 列出）`);
  for (const line of linesOfBackup(backup)) out.answer(line);
  const problems: readonly (Trouble | ShownProblem)[] = [...found.problems.map(shownProblem), ...ofBackup];
  for (const { says, cure } of inShortProblems(problems)) out.wrong([says, adviceOf(cure) ?? []].flat().join('；'));
  const well = problems.length === 0;
  out.answer(well ? '没有发现问题' : `有 ${problems.length} 个问题`);
  out.answer('documents' in found ? comparedOf(found.documents) : '文档没有核对');
  return { json: { well, dataDir: resolve(settings.DATA_DIR), ...disk, ...found, problems, backup: backup ?? null }, differs: !well };
}

function comparedOf({ compared, all }: Omit<Examined, 'problems'>): string {
  return all ? `核对了全部 ${compared} 个文档` : `抽查了 ${compared} 个文档，其余没有逐个核对，要核对请运行 verify`;
}

/** Where many read models have the same problem, it is told once. */
function inShortProblems(problems: readonly (Trouble | ShownProblem)[]): readonly Trouble[] {
  const kindOf = (problem: Trouble | ShownProblem) => ('kind' in problem ? problem.kind : undefined);
  const alike = (kind: string) => problems.filter((problem) => kindOf(problem) === kind);
  const ofAll = (['log', 'unmade'] as const).filter((kind) => alike(kind).length > MOST_ALIKE);
  const told = ofAll.map((kind): Trouble => {
    const [first] = alike(kind);
    return { says: `${alike(kind).length} 个读模型都是这样：${first?.says}`, cure: kind === 'log' ? ['replay --all', 'switch --all'] : (first?.cure ?? []) };
  });
  return [...problems.filter((problem) => !ofAll.some((each) => each === kindOf(problem))), ...told];
}

async function inspected(settings: Settings, signal: AbortSignal) {
  return withReplayPorts(settings, async (ports) => {
    const { ofReadModels, ofVaultAndPhotos } = await problemsOfStores(settings, ports.events);
    const log = await logEnd(ports.events);
    if (ofReadModels.length > 0) return { log, readModels: [], problems: [...ofVaultAndPhotos, ...ofReadModels] };
    const registry = await ports.builds.registry();
    const { targets, problems } = verifyTargets(registry, ports.code, []);
    const { builds } = await buildReports(ports, isReplaying(join(settings.DATA_DIR, 'replay')));
    const { problems: ofBuilds, ...documents } = await examine(targets, ports, { isSmall: isSmallLog(settings), signal });
    const isRead = builds.some(({ role, condition, build }) => build.readModel === 'tasks' && role === 'served' && condition !== 'unread');
    return {
      log,
      ...(isRead && { tasks: await reading(settings, ({ readModels }) => openTasks(readModels)) }),
      readModels: builds.map(inShort),
      documents,
      problems: [...ofVaultAndPhotos, ...problems, ...ofBuilds],
    };
  });
}

async function logEnd(events: EventStore) {
  const position = await events.head();
  const last = position === START ? undefined : await events.at(position);
  return { position, recordedAt: last ? beijing(last.recordedAt) : null };
}

function inShort({ build: { name }, role, condition, quarantined }: BuildReport) {
  return { name, role, condition, quarantined: quarantined.length };
}

function diskOf({ DATA_DIR }: Settings) {
  const files = FILES.flatMap((file) => {
    const found = statSync(join(DATA_DIR, file), { throwIfNoEntry: false });
    return found ? { file, bytes: found.size } : [];
  });
  return { files, freeBytes: freeBytes(DATA_DIR) };
}
