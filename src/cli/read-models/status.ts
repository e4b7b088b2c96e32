import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { damagedFiles } from '../../composition/damaged-files.js';
import { isSmallLog, withReplayPorts } from '../../composition/replay-ports.js';
import { problemsOfClaim, problemsOfStores } from '../../composition/store-problems.js';
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
import { failureOf } from '../program/failures.js';
import { Interrupted } from '../program/interrupt.js';
import { assertNeeded } from '../program/needed-data.js';
import { adviceOf, type ShownProblem, shownProblem } from '../program/remedies.js';
import { type BackupProblem, backupStatus, linesOfBackup } from './backup-status.js';
import { buildInWords } from './build-in-words.js';
import { reading } from './reading.js';

/** Of DATA_DIR, those that are there. */
const FILES = ['events.sqlite', 'vault.sqlite', 'read-models.sqlite', 'login-tallies.sqlite'];

/** SQLite makes files to read one, which it cannot then. */
const FULL_DISK: Problem = { kind: 'file', says: MAKE_ROOM, cure: [] };

/** Problems of read models of which a person is told one by one; more are one problem of the log or of all. */
const MOST_ALIKE = 3;

/**
 * `status`: the stores, the log's end, the read models and what is wrong with any of them; ends with 1 when something is. Where the log
 * cannot be used, or a server does not answer, it says what it can of the rest.
 */
export async function runStatus(context: Context): Promise<CommandResult> {
  const { settings, out } = context;
  const disk = diskOf(settings);
  const { backup, problems: ofBackup } = await backupStatus(settings, new Date());
  const found = await foundIn(disk, context);
  const hasData = disk.files.length > 0 || backup !== undefined || settings.EVENT_STORE_URL !== undefined;
  if ('failure' in found && !hasData) throw found.failure;
  for (const { file, bytes } of disk.files) out.answer(`${file}：${inMegabytes(bytes)} MB`);
  if (disk.freeBytes !== null) out.answer(`磁盘还有 ${inMegabytes(disk.freeBytes)} MB`);
  if ('log' in found) {
    out.answer(found.log.recordedAt === null ? '日志是空的' : `日志：最后一个事件在位置 ${found.log.position}，${found.log.recordedAt}`);
    for (const build of found.builds) out.answer(buildInWords(build));
  }
  if ('tasks' in found) out.answer(found.tasks.open === 0 ? '没有待办' : `待办 ${found.tasks.open} 项，最早的 ${found.tasks.oldest}（tasks 列出）`);
  for (const line of linesOfBackup(backup)) out.answer(line);
  const { failure, builds, ...said } = { failure: undefined, builds: undefined, ...found };
  const problems: readonly (BackupProblem | ShownProblem)[] = [...found.problems.map(shownProblem), ...ofBackup];
  for (const { says, cure } of inShortProblems(problems)) out.wrong([says, adviceOf(cure) ?? []].flat().join('；'));
  const unusable = failure === undefined ? [] : [{ says: failureOf(failure).message, cure: [] }]; // said last, as what the command ends with
  const all = [...unusable, ...problems];
  const well = all.length === 0;
  out.answer(well ? '没有发现问题' : `有 ${all.length} 个问题`);
  out.answer('documents' in found ? comparedOf(found.documents) : '文档没有核对');
  return {
    json: {
      well,
      dataDir: resolve(settings.DATA_DIR),
      ...disk,
      ...said,
      ...(builds && { readModels: builds.map(inShort) }),
      problems: all,
      backup: backup ?? null,
    },
    differs: !well,
    failure,
  };
}

/** What is found in the stores; `failure`: what keeps from looking into the log or into a server. */
async function foundIn({ freeBytes: free }: Disk, context: Context) {
  const { settings } = context;
  const ofFiles = () => (free !== null && free < FULL_BELOW ? [FULL_DISK] : damagedFiles(settings, isSmallLog(settings) ? 'structure' : 'quick'));
  try {
    await assertNeeded('any-log', settings);
    const unreadable = ofFiles();
    return unreadable.length > 0 ? { problems: unreadable } : await inspected(settings, context.signal);
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    return { failure, problems: ofFiles() };
  }
}

function comparedOf({ compared, all }: Omit<Examined, 'problems'>): string {
  return all ? `核对了全部 ${compared} 个文档` : `核对了其中 ${compared} 个文档；其余文档的内容、索引列和查找表没有逐个核对，被改动了要用 verify 查出`;
}

/** Where many read models have the same problem, it is told once. */
function inShortProblems(problems: readonly (BackupProblem | ShownProblem)[]): readonly BackupProblem[] {
  const kindOf = (problem: BackupProblem | ShownProblem) => ('kind' in problem ? problem.kind : undefined);
  const alike = (kind: string) => problems.filter((problem) => kindOf(problem) === kind);
  const ofAll = (['log', 'unmade'] as const).filter((kind) => alike(kind).length > MOST_ALIKE);
  const told = ofAll.map((kind): BackupProblem => {
    const [first] = alike(kind);
    return { says: `${alike(kind).length} 个读模型都是这样：${first?.says}`, cure: kind === 'log' ? ['replay --all', 'switch --all'] : (first?.cure ?? []) };
  });
  return [...problems.filter((problem) => !ofAll.some((each) => each === kindOf(problem))), ...told];
}

async function inspected(settings: Settings, signal: AbortSignal) {
  return withReplayPorts(settings, async (ports) => {
    const { blocking, others } = await problemsOfStores(settings, ports.events, { whole: isSmallLog(settings) });
    const log = await logEnd(ports.events);
    if (blocking.length > 0) return { log, builds: [], problems: blocking };
    const registry = await ports.builds.registry();
    const { targets, problems } = verifyTargets(registry, ports.code, ports.fingerprints, []);
    const { builds } = await buildReports(ports, isReplaying(join(settings.DATA_DIR, 'replay')));
    const { problems: ofBuilds, ...documents } = await examine(targets, ports, { isSmall: isSmallLog(settings), signal });
    const isRead = builds.some(({ role, condition, build }) => build.readModel === 'tasks' && role === 'served' && condition !== 'unread');
    return {
      log,
      ...(isRead && { tasks: await reading(settings, ({ readModels }) => openTasks(readModels)) }),
      builds,
      documents,
      problems: [...(await problemsOfClaim(registry, ports.events)), ...problems, ...ofBuilds, ...others],
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

interface Disk {
  readonly files: readonly { readonly file: string; readonly bytes: number }[];
  /** Null where there is no folder. */
  readonly freeBytes: number | null;
}

function diskOf({ DATA_DIR }: Settings): Disk {
  const files = FILES.flatMap((file) => {
    const found = statSync(join(DATA_DIR, file), { throwIfNoEntry: false });
    return found ? { file, bytes: found.size } : [];
  });
  return { files, freeBytes: existsSync(DATA_DIR) ? freeBytes(DATA_DIR) : null };
}
