import { byOtherCode, type Fingerprints, isMadeByOtherCode, withoutCode } from '../fingerprints.js';
import { newestVersions } from '../projecting/new-versions.js';
import { type Projection, projectionOf } from '../projection.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { BadChange, type Build, buildNamed, type Registry, servedBuild } from '../registry.js';
import type { Problem } from './problems.js';

/** What is to be verified, and read models that cannot be, since there is nothing to read. */
export interface VerifyTargets {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

/**
 * The served builds of these read models, or builds by their names; without any, those of all read models of this release.
 * @throws BadChange for a name that there is none of, and a build by its name that is being made or that there is no code for
 */
export function verifyTargets(registry: Registry, code: readonly Projection[], fingerprints: Fingerprints, names: readonly string[]): VerifyTargets {
  const problems: Problem[] = [];
  const newest = newestVersions(code).map(({ name }) => name);
  const wanted = names.length > 0 ? [...new Set(names)] : [...new Set([...newest, ...Object.keys(registry.serving)])];
  const targets = wanted.flatMap((name): readonly Target[] => {
    const build = servedBuild(registry, name);
    const problem = build ? problemOfServed(build, code, fingerprints) : problemOfUnserved(registry, name, newest);
    if (problem) problems.push(problem);
    return problem ? [] : [targetOf(build ?? buildNamed(registry, name), code)];
  });
  return { targets, problems };
}

/** What keeps a served build from being compared with the log. */
function problemOfServed(build: Build, code: readonly Projection[], fingerprints: Fingerprints): Problem | undefined {
  const { name, readModel } = build;
  if (build.state !== 'current') return { kind: 'unmade', says: `正在使用的 ${name} 还没有建成`, cure: [{ kind: 'replay', readModel }] };
  if (!projectionOf(code, build)) return { kind: 'code', says: withoutCode(build), cure: [] };
  return isMadeByOtherCode(build, code, fingerprints) ? { kind: 'code', says: byOtherCode(build), cure: [{ kind: 'rebuild', readModel }] } : undefined;
}

/** A build that is begun where the served one is not there is served at once. */
function problemOfUnserved({ serving }: Registry, name: string, newest: readonly string[]): Problem | undefined {
  const served = serving[name];
  if (served !== undefined) return { kind: 'unmade', says: `登记为正在使用的 ${served} 不存在`, cure: [{ kind: 'replay', readModel: name }] };
  return newest.includes(name) ? { kind: 'unmade', says: `${name} 还没有建立`, cure: [{ kind: 'catch-up' }] } : undefined;
}

function targetOf(build: Build, code: readonly Projection[]): Target {
  if (build.state !== 'current') throw new BadChange(`${build.name} 还没有重建完成`, [{ kind: 'replay', readModel: build.readModel }]);
  const projection = projectionOf(code, build);
  if (!projection) throw new BadChange(`这个版本的程序没有 ${build.name} 的代码`);
  return { build, projection };
}
