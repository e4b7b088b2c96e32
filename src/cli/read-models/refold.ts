import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { candidateDistricts } from '../../../projections/candidate-districts.js';
import { assertSoundLog } from '../../composition/damaged-files.js';
import { knownEvents } from '../../composition/known/events.js';
import { withReplayPorts } from '../../composition/replay-ports.js';
import { START } from '../../event-store/event.js';
import type { EventStore } from '../../event-store/event-store.js';
import { positionBefore } from '../../event-store/reading/log-times.js';
import { nearestSentence } from '../../kernel/nearest.js';
import { assertUsable } from '../../read-models/fingerprints.js';
import { nearestKeys } from '../../read-models/nearest-keys.js';
import { keyOf } from '../../read-models/projecting/event-routing.js';
import { bySubject, nameOf, type Projection } from '../../read-models/projection.js';
import type { ReplayPorts } from '../../read-models/rebuilding/rebuild.js';
import type { Target } from '../../read-models/rebuilding/rebuild-targets.js';
import { BadChange } from '../../read-models/registry.js';
import { refoldSome } from '../../read-models/verifying/refold-documents.js';
import { verifyTargets } from '../../read-models/verifying/verify-targets.js';
import type { Settings } from '../../settings/settings.js';
import { keysGiven } from '../looking/keys.js';
import { beijing, type GivenTime } from '../program/beijing-time.js';
import type { CommandResult, Context } from '../program/command.js';
import { CommandRefused, WrongUse } from '../program/errors.js';
import { linesOfFound } from './found-lines.js';
import { reading } from './reading.js';

interface RefoldGiven {
  readonly name: string;
  readonly keys: readonly string[];
  /** A file of keys. */
  readonly from: string | undefined;
  readonly type: string | undefined;
  readonly since: GivenTime | undefined;
  /** The candidates' district now. */
  readonly district: string | undefined;
}

/** Keys that a sentence names. */
const MOST = 20;

/** `refold NAME KEY…`: some documents are folded anew from their events, and written where they differ; ends with 1 for keys of nothing. */
export function runRefold(given: RefoldGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  const choose = choiceOf(given);
  assertSoundLog(settings, 'structure');
  return withReplayPorts(settings, async (ports) => {
    const target = await targetOf(given.name, ports);
    const keys = await choose(target.projection, ports.events, settings);
    const shown = await out.progress('个');
    shown.phase('重新生成', keys.length);
    const { documents, found, written, ...others } = await refoldSome(target, keys, ports, {
      signal,
      progress: (done) => shown.step(done, done),
    }).finally(() => shown.end());
    // of a district, many have no document
    const unknown = given.district === undefined ? others.unknown : [];
    const { name } = target.build;
    out.answer(`${name}：核对了 ${documents} 个文档，${found.keys.length === 0 ? '全部与事件相符' : `${found.keys.length} 个不符`}`);
    for (const line of linesOfFound(found)) out.answer(line);
    out.done(`  重新生成了 ${written.length} 个文档`);
    if (unknown.length > 0) {
      const more = unknown.length > MOST ? ` 等 ${unknown.length} 个` : '';
      const near = await nearestKeys(unknown[0] ?? '', [target.projection], ports.builds);
      out.wrong(`${name} 中没有文档 ${unknown.slice(0, MOST).join('、')}${more}，也没有它的事件${near}`);
    }
    const behind = await lagOf(target, ports);
    if (behind > 0) out.note(`${name} 落后事件 ${behind} 条，文档重新生成到它处理到的地方；没有进程在处理时，请运行 catch-up`);
    const { kinds, fields, examples } = found;
    const differing = { documents: found.keys.length, kinds, fields, examples };
    return { json: { build: name, documents, differing, refolded: written.length, keys: written, unknown, behind }, differs: unknown.length > 0 };
  });
}

/** The served build, or the one named. @throws BadChange, UnusableReadModels */
async function targetOf(name: string, { builds, code, fingerprints }: ReplayPorts): Promise<Target> {
  const registry = await builds.registry();
  assertUsable(registry, code, fingerprints);
  const { targets, problems } = verifyTargets(registry, code, fingerprints, [name]);
  const [target] = targets;
  if (target) return target;
  const [problem] = problems;
  throw new BadChange(problem?.says ?? `没有 ${name}`, problem?.cure);
}

/** Events that the build has not seen; at most as many as the log counts. */
async function lagOf({ projection }: Target, { events, store }: ReplayPorts): Promise<number> {
  const [checkpoint] = await store.checkpoints([projection]);
  return events.count(checkpoint?.position ?? START, await events.head());
}

type Choose = (projection: Projection, events: EventStore, settings: Settings) => Promise<readonly string[]>;

/** Exactly one of the four ways to say which documents. @throws WrongUse */
function choiceOf({ keys, from, type, since, district }: RefoldGiven): Choose {
  const ways = [keys.length > 0, from !== undefined, type !== undefined || since !== undefined, district !== undefined].filter(Boolean).length;
  if (ways === 0) throw new WrongUse('missing_argument', '请写出 KEY，或用 --from FILE、--district DISTRICT，或用 --type EVENT --since TIME');
  if (ways > 1) throw new WrongUse('conflicting_options', 'KEY、--from、--district、--type 和 --since 只能选一种');
  if (district !== undefined) return (projection, _, settings) => keysOfDistrict(projection, district, settings);
  if (from !== undefined) return async (projection, _, settings) => keysGiven(await keysIn(from, projection), projection, settings);
  if (keys.length > 0) return (projection, _, settings) => keysGiven(keys, projection, settings);
  if (type === undefined || since === undefined) throw new WrongUse('missing_option', '--type 和 --since 要一起使用');
  if (!Object.hasOwn(knownEvents, type))
    throw new WrongUse('unknown_event_type', `没有事件类型 ${type}；${nearestSentence(type, Object.keys(knownEvents).toSorted())}`);
  return (projection, events) => keysOfEvents(projection, events, type, since.instant);
}

/** The names of a column of keys; a file without one has a key in each line. */
const KEY_COLUMNS = ['key', 'admission_no'];

/** The keys in a file: one in each line, or in a column of a CSV file, as `verify --out` writes it. @throws CommandRefused */
async function keysIn(file: string, { name }: Projection): Promise<readonly string[]> {
  const rows = tableOf(await readFile(file, 'utf8'), file);
  const [header = [], ...others] = rows;
  const at = header.findIndex((column) => KEY_COLUMNS.includes(column));
  if (at < 0 && rows.some((row) => row.length > 1)) throw new CommandRefused('bad_file', `${file}：应每行一个键，或有一列叫做 ${KEY_COLUMNS.join(' 或 ')}`);
  const build = header.indexOf('build');
  const isIncluded = (row: readonly string[]) => at < 0 || build < 0 || row[build]?.split('@')[0] === name;
  const keys = (at < 0 ? rows : others).filter(isIncluded).flatMap((row) => row[Math.max(at, 0)] || []);
  if (keys.length === 0) throw new CommandRefused('bad_file', `${file} 中没有 ${name} 的键`);
  return keys;
}

function tableOf(text: string, file: string): readonly (readonly string[])[] {
  try {
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw new CommandRefused('bad_file', `${file} 不是 CSV：${error instanceof Error ? error.message : ''}`);
  }
}

/** Events, or candidates of a district, that are read at a time. */
const PAGE = 2_000;

/** The candidates of a district now, as the served read model has them. @throws CommandRefused */
async function keysOfDistrict(projection: Projection, district: string, settings: Settings): Promise<readonly string[]> {
  if (projection.key !== bySubject) throw new CommandRefused('not_by_candidate', `${nameOf(projection)} 的文档不是按考生的`);
  return reading(settings, async ({ readModels }) => {
    const keys: string[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const listed = await readModels.lookUp(candidateDistricts, 'district', district, after, PAGE);
      keys.push(...listed.map(({ key }) => key));
      after = listed.at(-1)?.cursor;
      more = listed.length === PAGE;
    }
    if (keys.length === 0) throw new CommandRefused('unknown_district', `没有考区是 ${district} 的考生`);
    return keys;
  });
}

/** The documents that events of a type belong to which were recorded since an instant. @throws CommandRefused */
async function keysOfEvents(projection: Projection, events: EventStore, type: string, since: string): Promise<readonly string[]> {
  if (!Object.hasOwn(projection.on, type)) throw new CommandRefused('unrelated_event_type', `${nameOf(projection)} 与 ${type} 无关`);
  const keys = new Set<string>();
  let end = false;
  for (let position = await positionBefore(events, since); !end; ) {
    const page = await events.read(position, PAGE, { types: [type] });
    for (const event of page.events) {
      const key = event.recordedAt >= since ? keyOf(projection, event) : undefined;
      if (key !== undefined) keys.add(key);
    }
    ({ position, end } = page);
  }
  if (keys.size === 0) throw new CommandRefused('no_events', `${beijing(since)} 以来没有 ${nameOf(projection)} 的 ${type}`);
  return [...keys];
}
