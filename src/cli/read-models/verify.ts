import { writeFile } from 'node:fs/promises';
import { damagedFiles } from '../../composition/damaged-files.js';
import { withReplayPorts } from '../../composition/replay-ports.js';
import { problemsOfClaim, problemsOfStores } from '../../composition/store-problems.js';
import { lowerThreadPriority } from '../../kernel/priority.js';
import type { Target } from '../../read-models/rebuilding/rebuild-targets.js';
import type { Problem } from '../../read-models/verifying/problems.js';
import { type Verified, type VerifyOptions, verify } from '../../read-models/verifying/verify.js';
import { verifyTargets } from '../../read-models/verifying/verify-targets.js';
import type { Settings } from '../../settings/settings.js';
import { keysGiven } from '../looking/keys.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { adviceOf, commandsOf, shownProblem } from '../program/remedies.js';
import { csvOfKeys } from './comparing.js';
import { linesOfFound } from './found-lines.js';
import { showingProgress } from './replay-progress.js';

interface VerifyGiven {
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly sample: number | undefined;
  /** Keys of documents. */
  readonly repair: readonly string[];
  readonly repairAll: boolean;
  /** A file for the keys of all documents that differ. */
  readonly out: string | undefined;
}

/** `verify [NAME…]`: compares what is stored with what the log comes to; ends with 1 when anything is not well. */
export async function runVerify(given: VerifyGiven, context: Context): Promise<CommandResult> {
  const { settings, out } = context;
  const how = verifyOptionsOf(given);
  lowerThreadPriority();
  const files = damagedFiles(settings, given.quick ? 'quick' : 'whole');
  const { verified, problems } = files.length > 0 ? { verified: [], problems: files } : await verifiedBuilds(given.names, how, context);
  for (const each of problems) for (const line of linesOfProblem(each)) out.wrong(line);
  for (const each of verified) for (const line of linesOf(each)) (isWell(each) ? out.answer : out.wrong).call(out, line);
  const well = problems.length === 0 && verified.every(isWell);
  if (given.out !== undefined) {
    await writeFile(given.out, keysOf(verified), { mode: 0o600 });
    out.done(`不符的文档的键已写入 ${given.out}`);
  }
  return { json: { well, verified: verified.map(inJson), problems: problems.map(shownProblem) }, differs: !well };
}

function isWell({ problems }: Verified): boolean {
  return problems.length === 0;
}

function verifiedBuilds(names: readonly string[], options: VerifyOptions, { settings, out, signal }: Context) {
  return withReplayPorts(settings, async (ports) => {
    const whole = !options.quick && options.sample === undefined && names.length === 0;
    const { blocking, others } = await problemsOfStores(settings, ports.events, { whole, repair: options.repair === 'all' });
    if (blocking.length > 0) return { verified: [], problems: blocking };
    const registry = await ports.builds.registry();
    const { targets, problems } = verifyTargets(registry, ports.code, ports.fingerprints, names);
    const repair = Array.isArray(options.repair) ? await keysOfTargets(options.repair, targets, settings) : options.repair;
    const verified = await showingProgress(out, (progress) => verify(targets, ports, { ...options, ...(repair && { repair }), progress, signal }));
    return { verified, problems: [...(await problemsOfClaim(registry, ports.events)), ...problems, ...others] };
  });
}

/** What was typed as keys of documents, as the keys that it stands for in any of the builds. */
async function keysOfTargets(typed: readonly string[], targets: readonly Target[], settings: Settings): Promise<readonly string[]> {
  const keys = await Promise.all(targets.map(({ projection }) => keysGiven(typed, projection, settings)));
  return [...new Set(keys.flat())];
}

/** @throws WrongUse */
function verifyOptionsOf({ quick, sample, repair, repairAll }: VerifyGiven): VerifyOptions {
  if (quick && (sample !== undefined || repair.length > 0 || repairAll))
    throw new WrongUse('conflicting_options', '--quick 不核对文档，不能与 --sample、--repair、--repair-all 同用');
  if (sample !== undefined && (repair.length > 0 || repairAll)) throw new WrongUse('conflicting_options', '--sample 不能与 --repair、--repair-all 同用');
  return {
    quick,
    ...(sample !== undefined && { sample }),
    ...(repairAll ? { repair: 'all' as const } : repair.length > 0 && { repair }),
  };
}

function linesOf({ build, documents, found, problems, repaired }: Verified): readonly string[] {
  const differs = found && found.keys.length > 0;
  const compared = !found
    ? `${documents === null ? '' : `有文档 ${documents} 个（含已删除的标记），`}内容、索引列和查找表没有核对`
    : `核对了 ${documents} 个文档，${differs ? `${found.keys.length} 个不符` : '全部与事件相符'}`;
  return [
    `${build}：${compared}`,
    ...(differs ? [...linesOfFound(found), ...(found.keys.length > found.examples.length ? ['  用 --out FILE 写出全部的键'] : [])] : []),
    ...(repaired === undefined ? [] : [`  重新生成了 ${repaired} 个文档`]),
    ...problems.flatMap(linesOfProblem).map((line) => `  ${line}`),
  ];
}

function linesOfProblem({ says, cure }: Problem): readonly string[] {
  const advice = adviceOf(commandsOf(cure));
  return advice === undefined ? [says] : [says, `  ${advice}`];
}

function keysOf(verified: readonly Verified[]): string {
  return csvOfKeys(verified.flatMap(({ build, found }) => (found?.keys ?? []).map(({ key, kind }) => ({ build, kind, key }))));
}

function inJson({ found, problems, ...verified }: Verified) {
  return {
    ...verified,
    problems: problems.map(shownProblem),
    ...(found && { differing: { documents: found.keys.length, kinds: found.kinds, fields: found.fields, examples: found.examples } }),
  };
}
