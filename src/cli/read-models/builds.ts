import { join } from 'node:path';
import { openBuildStore } from '../../composition/stores.js';
import { buildRole } from '../../read-models/build-condition.js';
import type { BuildStore } from '../../read-models/build-store.js';
import { placeholderProjection } from '../../read-models/rebuilding/rebuild-targets.js';
import { lockFolder } from '../../read-models/rebuilding/replay-lock.js';
import { BadChange, type Build, buildNamed, withoutBuild, withoutUnfinished } from '../../read-models/registry.js';
import type { Settings } from '../../settings/settings.js';
import type { CommandResult, Context } from '../program/command.js';
import { WrongUse } from '../program/errors.js';
import { messageWithAdvice } from '../program/remedies.js';

interface DropGiven {
  readonly build: string | undefined;
  readonly kept: boolean;
}

/** `drop NAME@VERSION|--kept`: removes a build that no page reads, or all that are kept. */
export async function runDrop({ build: name, kept }: DropGiven, { settings, out }: Context): Promise<CommandResult> {
  if (kept && name !== undefined) throw new WrongUse('conflicting_options', '--kept 不能与 NAME@VERSION 同用');
  if (!kept && name === undefined) throw new WrongUse('missing_argument', '请写出要删除的版本，或用 --kept');
  return onBuilds(settings, async (builds) => {
    const registry = await builds.registry();
    const given = name === undefined ? registry.builds.filter((build) => buildRole(registry, build, false) === 'kept') : [buildNamed(registry, name)];
    const dropped: string[] = [];
    const left: { readonly build: string; readonly why: string }[] = [];
    const unlock = lockFolder(join(settings.DATA_DIR, 'replay')); // a rebuild, a comparison or a verification may be reading it
    try {
      for (const build of given) {
        try {
          await dropBuild(builds, build);
          dropped.push(build.name);
          out.done(`${build.name} 已删除`);
        } catch (error) {
          if (!kept || !(error instanceof BadChange)) throw error;
          const why = messageWithAdvice(error);
          left.push({ build: build.name, why });
          out.wrong(`${build.name} 没有删除：${why}`);
        }
      }
    } finally {
      unlock();
    }
    if (given.length === 0) out.answer('没有保留的版本');
    return { json: name === undefined ? { dropped, left } : { dropped: name }, differs: left.length > 0 };
  });
}

/** @throws BadChange */
async function dropBuild(builds: BuildStore, build: Build): Promise<void> {
  await builds.change((registry) => withoutBuild(registry, build.name, new Date().toISOString()));
  await builds.drop(placeholderProjection(build));
}

/** `cancel NAME`: gives up the builds of a read model that are being made; whoever makes them ends by itself. */
export async function runCancel({ name }: { readonly name: string }, { settings, out }: Context): Promise<CommandResult> {
  const cancelled = await onBuilds(settings, async (builds) => {
    const given = (await builds.registry()).builds.filter((build) => build.state === 'building' && (build.readModel === name || build.name === name));
    if (given.length === 0) throw new BadChange(`${name} 没有正在进行的重建`);
    const names = given.map((build) => build.name);
    await builds.change((registry) => withoutUnfinished(registry, names));
    for (const build of given) await builds.drop(placeholderProjection(build));
    return names;
  });
  out.done(`已取消：${cancelled.join('、')}`);
  return { json: { cancelled } };
}

async function onBuilds<T>(settings: Settings, work: (builds: BuildStore) => Promise<T>): Promise<T> {
  const builds = await openBuildStore(settings);
  try {
    return await work(builds);
  } finally {
    await builds.close();
  }
}
