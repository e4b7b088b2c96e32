import { DateTime } from 'luxon';
import { projectionsFor } from '../composition/known-projections.js';
import { openBuildStore, openEventStore, openReadModels } from '../composition/stores.js';
import { streamsBy } from '../composition/subject-index.js';
import type { EventStore } from '../event-store/event-store.js';
import type { BuildStore } from '../read-models/build-store.js';
import { assertMadeAlike, knownFingerprints } from '../read-models/fingerprints.js';
import { newestVersions } from '../read-models/projecting/maintained-builds.js';
import { nameOf, type Projection, projectionOf } from '../read-models/projection.js';
import { explain, type Step } from '../read-models/rebuilding/explain.js';
import { shownJson } from '../read-models/rebuilding/shown-json.js';
import { BadChange, servedBuild } from '../read-models/registry.js';
import { ServedReadModels } from '../read-models/serving/served.read-models.js';
import { readSettings, type Settings } from '../settings/settings.js';
import { type CommandOptions, printLine } from './output.js';

export interface ExplainOptions extends CommandOptions {
  /** An instant (ISO 8601). */
  readonly at?: string;
}

/** `explain NAME KEY [FIELD]`: the events behind a document or one of its fields, and the document at a past time. */
export async function runExplain(name: string, key: string, field: string | undefined, { at, json }: ExplainOptions): Promise<void> {
  const settings = readSettings(process.env);
  const instant = at === undefined ? undefined : instantOf(at);
  const explained = await onLog(settings, async (events, builds) =>
    explain(events, await projectionNamed(name, projectionsFor(settings), builds), key, { field, at: instant }),
  );
  for (const step of explained.events) for (const line of linesOf(step)) printLine(line);
  if (explained.events.length === 0) printLine(field === undefined ? '没有事件' : `没有事件改变过 ${field}`);
  if (explained.fault) printLine(`位置 ${explained.fault.position} 的事件无法处理：${explained.fault.error}`);
  printLine(`${field ?? '文档'}${instant === undefined ? '' : `（${instant}）`}：${JSON.stringify(explained.value, undefined, 2)}`);
  if (json) printLine(JSON.stringify(explained));
}

/** `events STREAM`: the events of a stream; sealed values are only named as such. */
export async function runEvents(stream: string, { json }: CommandOptions): Promise<void> {
  const [events = []] = await onLog(readSettings(process.env), (log) => log.streams([stream]));
  if (events.length === 0) throw new BadChange(`没有事件流 ${stream}`);
  const shown = events.map((event) => ({ ...event, data: shownJson(event.data) }));
  for (const { revision, type, position, recordedAt, metadata, data, unknown } of shown) {
    printLine(
      `${revision}  ${recordedAt}  ${type}${unknown ? '（更新的版本写入）' : ''}  位置 ${position}  ${metadata.by}${metadata.why ? `  原因：${metadata.why}` : ''}`,
    );
    printLine(`    ${JSON.stringify(data)}`);
  }
  if (json) printLine(JSON.stringify({ stream, events: shown }));
}

async function onLog<T>(settings: Settings, work: (events: EventStore, builds: BuildStore) => Promise<T>): Promise<T> {
  const [builds, stored] = await Promise.all([openBuildStore(settings), openReadModels(settings)]);
  const readModels = new ServedReadModels(stored, builds, projectionsFor(settings));
  const events = await openEventStore(settings, streamsBy(readModels));
  try {
    return await work(events, builds);
  } finally {
    await Promise.all([events.close(), readModels.close(), builds.close()]);
  }
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

/** As the clock in Beijing says it where the text names no other. @throws BadChange */
function instantOf(at: string): string {
  const instant = DateTime.fromISO(at, { zone: 'Asia/Shanghai' }).toUTC().toISO();
  if (instant === null) throw new BadChange(`不是时间：${at}；请写成 2026-11-22T18:00`);
  return instant;
}

function linesOf({ recordedAt, type, stream, revision, position, by, why, changes }: Step): readonly string[] {
  const value = (each: object, name: 'before' | 'after') => (name in each ? JSON.stringify((each as Record<string, unknown>)[name]) : '（无）');
  const head = `${recordedAt}  ${type}  ${stream} 第 ${revision} 条  位置 ${position}  ${by}${why === undefined ? '' : `  原因：${why}`}`;
  return [head, ...changes.map((each) => `    ${each.path || '整个文档'}：${value(each, 'before')} → ${value(each, 'after')}`)];
}
