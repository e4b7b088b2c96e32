import { projectionsFor } from '../../composition/known/projections.js';
import type { EventStore } from '../../event-store/event-store.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { assertMadeAlike, knownFingerprints } from '../../read-models/fingerprints.js';
import { newestVersions } from '../../read-models/projecting/maintained-builds.js';
import { nameOf, type Projection, projectionOf } from '../../read-models/projection.js';
import { type Explained, explain, type Step } from '../../read-models/rebuilding/explain.js';
import { BadChange, servedBuild } from '../../read-models/registry.js';
import { keyGiven } from '../looking/keys.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused } from '../program/errors.js';
import { nearestSentence } from '../program/nearest.js';
import { reading } from './reading.js';

interface ExplainGiven {
  readonly name: string;
  readonly key: string;
  readonly field: string | undefined;
  readonly at: GivenTime | undefined;
}

/** `explain NAME KEY [FIELD]`: the events behind a document or one of its fields, and the document at a past time. */
export async function runExplain({ name, key, field, at }: ExplainGiven, { settings, out }: Context): Promise<CommandResult> {
  const explained = await reading(settings, async ({ events, builds }) => {
    const projection = await projectionNamed(name, projectionsFor(settings), builds);
    const found = await explain(events, projection, await keyGiven(key, projection, settings), { field, at: at?.instant });
    if (at === undefined && found.events.length === 0) throw await nothingFound(found, events, projection, field);
    return found;
  });
  for (const step of explained.events) for (const line of linesOf(step)) out.answer(line);
  if (explained.events.length === 0) out.answer(field === undefined ? '没有事件' : `没有事件改变过 ${field}`);
  if (explained.fault) out.wrong(`位置 ${explained.fault.position} 的事件无法处理：${explained.fault.error}`);
  out.answer(`${field ?? '文档'}${at === undefined ? '' : `（${at.shown}）`}：${JSON.stringify(explained.value, undefined, 2)}`);
  const events = explained.events.map((step) => ({ ...step, recordedAt: beijing(step.recordedAt) }));
  return { json: { ...explained, events, ...(at && { at: beijing(at.instant) }) } };
}

/** A document or field that no event has made is none: it is said which fields there are. */
async function nothingFound({ key }: Explained, events: EventStore, projection: Projection, field: string | undefined): Promise<CommandRefused> {
  const whole = await explain(events, projection, key);
  if (whole.events.length === 0) return new CommandRefused('unknown_key', `${projection.name} 中没有文档 ${key}`);
  const paths = [...new Set(whole.events.flatMap(({ changes }) => changes.map(({ path }) => path)))];
  return new CommandRefused('unknown_field', `文档中没有字段 ${field}；${nearestSentence(String(field), paths)}`);
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
