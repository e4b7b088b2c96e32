import { nearestSentence } from '../../kernel/nearest.js';
import { projectionOf } from '../../read-models/projection.js';
import type { Quarantined } from '../../read-models/read-models.js';
import { placeholderProjection } from '../../read-models/rebuilding/rebuild-targets.js';
import { BadChange, type Build, buildNamed, type Registry, servedBuild } from '../../read-models/registry.js';
import { keyNamed } from '../looking/keys.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { type Answer, askingProjector, type RequestPorts } from './projector-requests.js';

interface RetryGiven {
  readonly name: string | undefined;
  readonly key: string | undefined;
  readonly all: boolean;
  readonly sameError: boolean;
}

/** A document in quarantine. */
interface Case extends Quarantined {
  readonly build: string;
}

/** What to retry. */
type Wanted =
  | { readonly all: true; readonly name: string | undefined }
  | { readonly all: false; readonly name: string; readonly key: string; readonly sameError: boolean };

/**
 * `retry NAME KEY`: folds the events that a quarantined document has missed; with `sameError` those of the same build and error too, with
 * `all` all that are in quarantine, of one build or of all.
 */
export function runRetry(given: RetryGiven, context: Context): Promise<CommandResult> {
  const wanted = wantedBy(given);
  const { out, settings, signal } = context;
  return askingProjector(context, async (ports) => {
    const registry = await ports.builds.registry();
    if (!wanted.all && !wanted.sameError) {
      const build = madeBuild(registry, wanted.name);
      const key = await keyNamed(wanted.key, build.name, ports.code, settings);
      caseOf(key, build, await casesOf([build], ports));
      const answer = await ports.ask({ kind: 'retry', build: build.name, key });
      if (!answer.done) throw new BadChange(answer.says);
      out.done(answer.says);
      return { json: answer };
    }
    const cases = wanted.all ? await casesOf(buildsOf(registry, wanted.name), ports) : await likeOne(registry, wanted, ports, context);
    const retried: (Pick<Case, 'build' | 'key'> & Answer)[] = [];
    for (const { build, key } of cases) {
      signal.throwIfAborted();
      const answer = await ports.ask({ kind: 'retry', build, key });
      retried.push({ build, key, ...answer });
      if (answer.done) out.done(answer.says);
      else out.wrong(`${build} 中的 ${key} 仍被隔离：${answer.says}`);
    }
    const left = retried.filter(({ done }) => !done).length;
    out.answer(cases.length === 0 ? '没有被隔离的文档' : `重试了 ${retried.length} 个文档，处理了 ${retried.length - left} 个，仍被隔离 ${left} 个`);
    return { json: { retried, done: retried.length - left, left }, differs: left > 0 };
  });
}

/** @throws WrongUse */
function wantedBy({ name, key, all, sameError }: RetryGiven): Wanted {
  if (all && (sameError || key !== undefined)) throw new WrongUse('conflicting_options', '--all 不能与 KEY、--same-error 同用');
  if (all) return { all, name };
  if (name === undefined || key === undefined) throw new WrongUse('missing_argument', '请写出读模型和被隔离的文档的键，或用 --all');
  return { all: false, name, key, sameError };
}

/** The quarantined documents of the build that stopped at the same error as the one that is named. */
async function likeOne(registry: Registry, { name, key: typed }: Extract<Wanted, { all: false }>, ports: RequestPorts, { settings }: Context) {
  const build = madeBuild(registry, name);
  const key = await keyNamed(typed, build.name, ports.code, settings);
  const cases = await casesOf([build], ports);
  const one = caseOf(key, build, cases);
  return cases.filter(({ error }) => error === one.error);
}

/** @throws BadChange for a document that is not in quarantine */
function caseOf(key: string, { name }: Build, cases: readonly Case[]): Case {
  const found = cases.find((each) => each.key === key);
  if (found) return found;
  const keys = cases.map((each) => each.key);
  throw new BadChange(`${name} 中的 ${key} 没有被隔离；${nearestSentence(key, keys)}`);
}

function buildsOf(registry: Registry, name: string | undefined): readonly Build[] {
  return name === undefined ? registry.builds.filter(({ state }) => state === 'current') : [madeBuild(registry, name)];
}

/** The build that is served of a read model, or one by its name. @throws BadChange */
function madeBuild(registry: Registry, name: string): Build {
  return servedBuild(registry, name) ?? buildNamed(registry, name);
}

/** In the order in which they were stopped. */
async function casesOf(builds: readonly Build[], { store, code }: RequestPorts): Promise<readonly Case[]> {
  const found = await Promise.all(
    builds.map(async (build) => {
      const quarantined = await store.quarantined(projectionOf(code, build) ?? placeholderProjection(build));
      return Array.from(quarantined.values(), (each): Case => ({ ...each, build: build.name }));
    }),
  );
  return found.flat().toSorted((one, other) => (one.position < other.position ? -1 : 1));
}
