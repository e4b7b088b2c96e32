import { projectionsFor } from '../../composition/known/projections.js';
import { openProjectionStore } from '../../composition/stores.js';
import { subjectIndexOf } from '../../composition/subject-index.js';
import { nearestSentence } from '../../kernel/nearest.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { assertMadeByEquivalentCode, knownFingerprints } from '../../read-models/fingerprints.js';
import { newestVersions } from '../../read-models/projecting/new-versions.js';
import { nameOf, type Projection, projectionOf } from '../../read-models/projection.js';
import type { ProjectionStore } from '../../read-models/read-models.js';
import type { DocumentEvents } from '../../read-models/rebuilding/document-events.js';
import { type Explained, explain, type Step } from '../../read-models/rebuilding/explain.js';
import type { Target } from '../../read-models/rebuilding/rebuild-targets.js';
import { BadChange, type Build, servedBuild } from '../../read-models/registry.js';
import type { Differing } from '../../read-models/verifying/differing.js';
import { progressOf } from '../../read-models/verifying/problems.js';
import { compareSome, type RefoldPorts } from '../../read-models/verifying/refold-documents.js';
import type { Settings } from '../../settings/settings.js';
import { keyGiven, unknownKey } from '../looking/keys.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { adviceOf, commandsOf, type ShownProblem, shownProblem } from '../program/remedies.js';
import { linesOfDiffering } from './found-lines.js';
import { reading } from './reading.js';

interface ExplainGiven {
  readonly name: string;
  readonly key: string;
  readonly field: string | undefined;
  readonly at: GivenTime | undefined;
}

/**
 * `explain NAME KEY [FIELD]`: the events behind a document or one of its fields, and the document at a past time; ends with 1 where the
 * stored document is another.
 */
export async function runExplain({ name, key, field, at }: ExplainGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const { explained, stored } = await reading(settings, async ({ events, builds }) => {
    const log = { events, subjectIndex: subjectIndexOf(settings) };
    const { projection, build } = await projectionNamed(name, projectionsFor(settings), builds);
    const given = await keyGiven(key, projection, settings);
    const explained = await explain(log, projection, given, { field, at: at?.instant });
    const stored =
      at === undefined && build?.state === 'current'
        ? await withStore(settings, (store) => lookAt({ build, projection }, explained, { ...log, builds, store }, signal))
        : WELL;
    const nothing = explained.events.length === 0 && !stored.differing ? await nothingFound(explained, log, projection, { field, at, builds }) : undefined;
    if (nothing) throw nothing;
    return { explained, stored };
  });
  for (const step of explained.events) for (const line of linesOf(step)) out.answer(line);
  if (explained.events.length === 0) out.answer(field === undefined ? '没有事件' : `没有事件改变过 ${field}`);
  if (explained.fault) out.wrong(`位置 ${explained.fault.position} 的事件无法处理：${explained.fault.error}`);
  out.answer(`${field ?? '文档'}${at === undefined ? '' : `（${at.shown}）`}：${JSON.stringify(explained.value, undefined, 2)}`);
  if (stored.differing) {
    out.wrong('保存的文档不是它的事件所说的：');
    for (const line of linesOfDiffering(stored.differing)) out.wrong(`  ${line}`);
  }
  for (const { says } of stored.problems) out.wrong(`保存的文档还没有处理它的最后一个事件：${says}`);
  const advice = adviceOf(stored.cure);
  if (advice !== undefined) out.wrong(`  ${advice}`);
  const events = explained.events.map((step) => ({ ...step, recordedAt: beijing(step.recordedAt) }));
  const differs = stored !== WELL;
  return { json: { ...explained, events, ...(at && { at: beijing(at.instant) }), ...(differs && { stored }) }, differs };
}

/** What is stored of a document, beside what its events come to. */
interface StoredBeside {
  readonly differing?: Differing;
  /** Why the document has not seen all of its events. */
  readonly problems: readonly ShownProblem[];
  /** The commands that cure it. */
  readonly cure: readonly string[];
}

const WELL: StoredBeside = { problems: [], cure: [] };

/** Waits until the build has seen the log, and compares the stored document. */
async function lookAt(target: Target, { key, position }: Explained, ports: RefoldPorts, signal: AbortSignal): Promise<StoredBeside> {
  const [problems = []] = await progressOf([target], ports, { signal });
  const differing = problems.some(({ kind }) => kind === 'log') ? undefined : (await compareSome(target, [key], ports, { signal })).found.examples[0];
  const [checkpoint] = await ports.store.checkpoints([target.projection]);
  const late = position !== null && position > (checkpoint?.position ?? '') ? problems : [];
  if (!differing && late.length === 0) return WELL;
  const cure = [...(differing ? [`refold ${target.build.name} ${key}`] : []), ...late.flatMap((each) => commandsOf(each.cure))];
  return { ...(differing && { differing }), problems: late.map(shownProblem), cure };
}

async function withStore<T>(settings: Settings, work: (store: ProjectionStore) => Promise<T>): Promise<T> {
  const store = await openProjectionStore(settings);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A document or field that no event has made is none: it is said which there are. Undefined where it was made after the time asked for. */
async function nothingFound(
  { key }: Explained,
  log: DocumentEvents,
  projection: Projection,
  { field, at, builds }: Pick<ExplainGiven, 'field' | 'at'> & { readonly builds: BuildStore },
): Promise<CommandRefused | undefined> {
  const whole = await explain(log, projection, key);
  if (whole.events.length === 0) return unknownKey(key, projection, builds);
  const paths = [...new Set(whole.events.flatMap(({ changes }) => changes.map(({ path }) => path)))];
  if (field === undefined || (at !== undefined && paths.some((path) => path === field || path.startsWith(`${field}.`)))) return undefined;
  return new CommandRefused('unknown_field', `文档中没有字段 ${field}；${nearestSentence(field, paths)}`);
}

/**
 * The code of what is served of a read model, or of a version of it such as `bills@2`.
 * @throws BadChange when there is none, UnusableReadModels when what is stored was made by other code
 */
async function projectionNamed(
  name: string,
  code: readonly Projection[],
  builds: BuildStore,
): Promise<{ readonly projection: Projection; readonly build: Build | undefined }> {
  const registry = await builds.registry();
  const build = servedBuild(registry, name) ?? registry.builds.find((each) => each.name === name);
  const found = (build && projectionOf(code, build)) ?? [...newestVersions(code), ...code].find((each) => each.name === name || nameOf(each) === name);
  if (!found)
    throw new BadChange(
      `没有 ${name}；${nearestSentence(
        name,
        [...registry.builds, ...newestVersions(code)].map((each) => each.name),
      )}`,
    );
  if (build) assertMadeByEquivalentCode(build, [found], knownFingerprints());
  return { projection: found, build };
}

function linesOf({ recordedAt, type, stream, revision, position, by, why, changes }: Step): readonly string[] {
  const value = (each: object, name: 'before' | 'after') => (name in each ? JSON.stringify((each as Record<string, unknown>)[name]) : '（无）');
  const head = `${beijing(recordedAt)}  ${type}  ${stream} 第 ${revision} 条  位置 ${position}  ${by}${why === undefined ? '' : `  原因：${why}`}`;
  return [head, ...changes.map((each) => `    ${each.path || '整个文档'}：${value(each, 'before')} → ${value(each, 'after')}`)];
}
