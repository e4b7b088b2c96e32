import { projectionsFor } from '../../composition/known-projections.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { assertMadeAlike, knownFingerprints } from '../../read-models/fingerprints.js';
import { newestVersions } from '../../read-models/projecting/maintained-builds.js';
import { nameOf, type Projection, projectionOf } from '../../read-models/projection.js';
import { explain, type Step } from '../../read-models/rebuilding/explain.js';
import { BadChange, servedBuild } from '../../read-models/registry.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { reading } from './reading.js';

interface ExplainGiven {
  readonly name: string;
  readonly key: string;
  readonly field: string | undefined;
  readonly at: GivenTime | undefined;
}

/** `explain NAME KEY [FIELD]`: the events behind a document or one of its fields, and the document at a past time. */
export async function runExplain({ name, key, field, at }: ExplainGiven, { settings, out }: Context): Promise<CommandResult> {
  const explained = await reading(settings, async ({ events, builds }) =>
    explain(events, await projectionNamed(name, projectionsFor(settings), builds), key, { field, at: at?.instant }),
  );
  for (const step of explained.events) for (const line of linesOf(step)) out.answer(line);
  if (explained.events.length === 0) out.answer(field === undefined ? '没有事件' : `没有事件改变过 ${field}`);
  if (explained.fault) out.wrong(`位置 ${explained.fault.position} 的事件无法处理：${explained.fault.error}`);
  out.answer(`${field ?? '文档'}${at === undefined ? '' : `（${at.shown}）`}：${JSON.stringify(explained.value, undefined, 2)}`);
  const events = explained.events.map((step) => ({ ...step, recordedAt: beijing(step.recordedAt) }));
  return { json: { ...explained, events, ...(at && { at: beijing(at.instant) }) } };
}

/**
 * The code of what is served of a read model, or of a version of it such as `bills@2`.
 * @throws BadChange when there is none, UnusableReadModels when what is stored was made by other code
 */
async function projectionNamed(name: string, code: readonly Projection[], builds: BuildStore): Promise<Projection> {
  const registry = await builds.registry();
  const served = servedBuild(registry, name);
  const found = (served && projectionOf(code, served)) ?? [...newestVersions(code), ...code].find((each) => each.name === name || nameOf(each) === name);
  if (!found)
    throw new BadChange(
      `没有读模型 ${name}；现有：${newestVersions(code)
        .map((each) => each.name)
        .join('、')}`,
    );
  assertMadeAlike(registry, found, knownFingerprints());
  return found;
}

function linesOf({ recordedAt, type, stream, revision, position, by, why, changes }: Step): readonly string[] {
  const value = (each: object, name: 'before' | 'after') => (name in each ? JSON.stringify((each as Record<string, unknown>)[name]) : '（无）');
  const head = `${beijing(recordedAt)}  ${type}  ${stream} 第 ${revision} 条  位置 ${position}  ${by}${why === undefined ? '' : `  原因：${why}`}`;
  return [head, ...changes.map((each) => `    ${each.path || '整个文档'}：${value(each, 'before')} → ${value(each, 'after')}`)];
}
