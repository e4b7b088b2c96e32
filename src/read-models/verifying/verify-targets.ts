import { newestVersions } from '../projecting/new-versions.js';
import { type Projection, projectionOf } from '../projection.js';
import type { Target } from '../rebuilding/rebuild-targets.js';
import { BadChange, buildNamed, type Registry, servedBuild } from '../registry.js';
import type { Problem } from './problems.js';

/** What is to be verified, and read models that cannot be, since there is nothing to read. */
export interface VerifyTargets {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

/**
 * The served builds of these read models, or builds by their names; without any, those of all read models of this release.
 * @throws BadChange for a name that there is none of, and a build that is being made
 */
export function verifyTargets(registry: Registry, code: readonly Projection[], names: readonly string[]): VerifyTargets {
  const problems: Problem[] = [];
  const newest = newestVersions(code).map(({ name }) => name);
  const wanted = names.length > 0 ? [...new Set(names)] : [...new Set([...newest, ...Object.keys(registry.serving)])];
  const targets = wanted.flatMap((name): readonly Target[] => {
    const build = servedBuild(registry, name);
    if (build) return [targetOf(build, code)];
    const served = registry.serving[name];
    if (served !== undefined) {
      problems.push({ kind: 'unmade', says: `登记为正在使用的 ${served} 不存在`, cure: [{ kind: 'rebuild', readModel: name }] });
    } else if (newest.includes(name)) {
      problems.push({ kind: 'unmade', says: `${name} 还没有建立`, cure: [{ kind: 'catch-up' }] });
    } else {
      return [targetOf(buildNamed(registry, name), code)];
    }
    return [];
  });
  return { targets, problems };
}

function targetOf(build: Target['build'], code: readonly Projection[]): Target {
  if (build.state !== 'current') throw new BadChange(`${build.name} 还没有重建完成`, [{ kind: 'replay', readModel: build.readModel }]);
  const projection = projectionOf(code, build);
  if (!projection) throw new BadChange(`这个版本的程序没有 ${build.name} 的代码`);
  return { build, projection };
}
